/** An item's fields as columns of its row, and the rows that hang on them. */
import type { NewItemArgs } from '../../graphql/item/records';
import { Prisma } from '../../prisma/generated/sqlite/client';
import type { TextFields } from '../semantic-ids/reencoding';
import { insertRows } from '../storage/bulk-rows';
import type { Transaction } from '../storage/database';
import { searchText } from './item-filter';

export function itemColumns(item: NewItemArgs) {
  return {
    externalId: item.externalId,
    title: item.title,
    searchTitle: searchText(item.title),
    description: item.description ?? null,
    brand: item.brand ?? null,
    categories: [...(item.categories ?? [])],
    price: item.price ?? null,
    attributes: jsonColumn(item.attributes),
  };
}

/** The same for `insertRows`, which knows no defaults. */
export function itemRow(item: NewItemArgs) {
  return { ...itemColumns(item), attributes: item.attributes ?? null, addedAt: new Date() };
}

/** What of an item goes into its text. */
export function textFields(item: Pick<NewItemArgs, 'title' | 'brand' | 'categories'>): TextFields {
  return { title: item.title, brand: item.brand ?? null, categories: item.categories ?? [] };
}

/** In JSON null is a value; in the API it is the absence of one. */
export function jsonColumn(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === null || value === undefined ? Prisma.DbNull : (value as Prisma.InputJsonValue);
}

/** Writes the items' categories for look-ups, in place of those that they had. */
export async function writeCategories(
  transaction: Transaction,
  items: readonly { readonly itemId: number; readonly categories: readonly string[] }[],
): Promise<void> {
  await transaction.itemCategory.deleteMany({ where: { itemId: { in: items.map(({ itemId }) => itemId) } } });
  const rows = items.flatMap(({ itemId, categories }) => [...new Set(categories)].map((name) => ({ itemId, name })));
  await insertRows(transaction, 'ItemCategory', rows);
}
