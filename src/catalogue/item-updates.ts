/** `updateItems`: fields changed in place, and semantic IDs anew where asked for. */
import type { UserErrorRecord } from '../../graphql/common/records';
import {
  batchErrors,
  refuseItems,
  repeatedPositions,
  userError,
  type ChangedItems,
} from '../../graphql/common/user-errors';
import type { ItemPatchArgs } from '../../graphql/item/records';
import type { Item, Prisma } from '../../prisma/generated/sqlite/client';
import { findLiveTokenizer, type LiveTokenizer } from '../semantic-ids/live-tokenizer';
import {
  type ItemToEncode,
  planCodes,
  planErrors,
  type PlannedCodes,
  readCodes,
  storePlan,
} from '../semantic-ids/reencoding';
import { GIVEN_ENCODER } from '../semantic-ids/text-encoder';
import type { Transaction } from '../storage/database';
import { itemRecord } from '../storage/records';
import { isPrice, priceError } from './addition-checks';
import type { CatalogueServices } from './catalogue-services';
import { jsonColumn, textFields, writeCategories } from './item-columns';
import { searchText } from './item-filter';
import { readNamedItems, type NamedItems } from './named-items';

/**
 * Changes 1 to 1,000 live items; one wrong patch refuses all. An absent field stays, null empties it.
 *
 * @param reencode - True: items get the codes of their new text; other changes wait meanwhile. False: their codes stay,
 * and the next training reads the new text.
 */
export async function updateItems(
  services: CatalogueServices,
  patches: readonly ItemPatchArgs[],
  reencode: boolean,
): Promise<ChangedItems> {
  const batch = batchErrors('items', patches.length);
  if (batch.length > 0) return refuseItems(patches, batch);
  return services.log.exclusive(() => update(services, patches, reencode));
}

async function update(
  services: CatalogueServices,
  patches: readonly ItemPatchArgs[],
  reencode: boolean,
): Promise<ChangedItems> {
  const { read } = services.database;
  const named = await readNamedItems(
    read,
    patches.map(({ itemId }) => itemId),
  );
  const errors = patchErrors(patches, named);
  if (errors.length > 0) return refuseItems(patches, errors);
  const tokenizer = await findLiveTokenizer(read);
  const renewed = patches.map((patch) => patched(named.get(patch.itemId)!, patch));
  const changed = renewed.filter(({ textChanged }) => textChanged);
  const plan = tokenizer && reencode ? await planCodes(services, tokenizer, changed) : [];
  const full = tokenizer ? planErrors(plan, tokenizer, fieldOfItem(patches)) : [];
  if (full.length > 0) return refuseItems(patches, full);
  const updated = await write(services, { patches, renewed, tokenizer, plan });
  return { items: updated.map(itemRecord), userErrors: [] };
}

function patched(row: Item, patch: ItemPatchArgs): ItemToEncode {
  const before = textFields({ ...row, categories: row.categories as string[] });
  const after = {
    title: patch.title ?? row.title,
    brand: patch.brand === undefined ? before.brand : patch.brand,
    categories: patch.categories === undefined ? before.categories : (patch.categories ?? []),
  };
  return { itemId: row.id, ...after, textChanged: JSON.stringify(before) !== JSON.stringify(after) };
}

function patchErrors(patches: readonly ItemPatchArgs[], named: NamedItems): UserErrorRecord[] {
  const repeated = repeatedPositions(patches.map(({ itemId }) => itemId));
  return patches.flatMap((patch, position) => {
    const errors: UserErrorRecord[] = [];
    const row = named.get(patch.itemId);
    if (repeated.has(position)) {
      errors.push(
        userError(
          'DUPLICATE',
          `itemId: item ${patch.itemId} is earlier in this call already`,
          'items',
          position,
          'itemId',
        ),
      );
    }
    if (!row || row.removedAt !== null) {
      errors.push(
        userError(
          'NOT_FOUND',
          `itemId: expected an item of the catalogue, got ${patch.itemId}`,
          'items',
          position,
          'itemId',
        ),
      );
    }
    if (patch.title === null || patch.title?.trim() === '') {
      errors.push(userError('INVALID', 'title: expected text, got none', 'items', position, 'title'));
    }
    if (!isPrice(patch.price)) errors.push(priceError(patch.price, 'items', position, 'price'));
    return errors;
  });
}

function fieldOfItem(patches: readonly ItemPatchArgs[]) {
  const positions = new Map(patches.map(({ itemId }, position) => [itemId, position]));
  return (itemId: number) => ['items', positions.get(itemId)!, 'itemId'];
}

interface Update {
  readonly patches: readonly ItemPatchArgs[];
  readonly renewed: readonly ItemToEncode[];
  readonly tokenizer: LiveTokenizer | null;
  readonly plan: readonly PlannedCodes[];
}

/** @returns The rows as they are now, one a patch. */
async function write({ log }: CatalogueServices, { patches, renewed, tokenizer, plan }: Update): Promise<Item[]> {
  const itemIds = patches.map(({ itemId }) => itemId);
  return log.commit(async (transaction) => {
    const rows: Item[] = [];
    for (const patch of patches) {
      rows.push(await transaction.item.update({ where: { id: patch.itemId }, data: patchColumns(patch) }));
    }
    await writeCategories(transaction, renewed);
    await dropStaleVectors(transaction, renewed);
    const present = tokenizer ? await readCodes(transaction, tokenizer.id, itemIds) : new Map<number, number[]>();
    const changes = tokenizer ? await storePlan(transaction, tokenizer, plan) : [];
    const after = new Map(changes.map((change) => [change.itemId, change.after]));
    const reencoded = new Set(plan.map(({ itemId }) => itemId));
    const items = itemIds.map((itemId) => {
      const before = present.get(itemId) ?? null;
      return { itemId, before, after: after.get(itemId) ?? before, isReencoded: reencoded.has(itemId) };
    });
    return { result: rows, entries: [{ kind: 'ITEMS_UPDATED', tokenizerId: tokenizer && tokenizer.id, items }] };
  });
}

/** A vector that was made of the former text goes; whoever needs it next makes it of the new one. */
async function dropStaleVectors(transaction: Transaction, renewed: readonly ItemToEncode[]): Promise<void> {
  const itemIds = renewed.filter(({ textChanged }) => textChanged).map(({ itemId }) => itemId);
  await transaction.itemVector.deleteMany({ where: { itemId: { in: itemIds }, encoder: { not: GIVEN_ENCODER } } });
}

function patchColumns(patch: ItemPatchArgs): Prisma.ItemUpdateInput {
  return {
    ...(patch.title != null && { title: patch.title, searchTitle: searchText(patch.title) }),
    ...(patch.categories !== undefined && { categories: [...(patch.categories ?? [])] }),
    ...(patch.attributes !== undefined && { attributes: jsonColumn(patch.attributes) }),
    description: patch.description,
    brand: patch.brand,
    price: patch.price,
  };
}
