/** The categories of items as rows of their own, for look-ups. */
import { insertRows } from './bulk-rows';
import type { Transaction } from './transaction';

/** Writes the items' categories, in place of those that they had. */
export async function writeCategories(
  transaction: Transaction,
  items: readonly { readonly itemId: number; readonly categories: readonly string[] }[],
): Promise<void> {
  await transaction.itemCategory.deleteMany({ where: { itemId: { in: items.map(({ itemId }) => itemId) } } });
  const rows = items.flatMap(({ itemId, categories }) => [...new Set(categories)].map((name) => ({ itemId, name })));
  await insertRows(transaction, 'ItemCategory', rows);
}
