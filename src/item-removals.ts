/** `removeItems`: items leave the trie and its counts; their rows, their interactions and their semantic IDs stay. */
import type { ItemRecord, UserErrorRecord } from '../graphql/records';
import type { Item } from '../prisma/generated/sqlite/client';
import type { CatalogueServices } from './catalogue-services';
import { findLiveTokenizer } from './live-tokenizer';
import { itemRecord } from './records';
import { readCodes } from './reencoding';
import { countPrefixes } from './semantic-id-rows';
import { batchErrors, repeatedPositions, userError } from './user-errors';

export interface RemovedItems {
  readonly items: readonly (ItemRecord | null)[];
  readonly userErrors: readonly UserErrorRecord[];
}

/** Removes 1 to 1,000 live items; one wrong id refuses all. */
export async function removeItems(services: CatalogueServices, itemIds: readonly number[]): Promise<RemovedItems> {
  const refuse = (userErrors: readonly UserErrorRecord[]) => ({ items: itemIds.map(() => null), userErrors });
  const batch = batchErrors('itemIds', itemIds.length);
  if (batch.length > 0) return refuse(batch);
  return services.log.exclusive(async () => {
    const rows = await services.database.read.item.findMany({ where: { id: { in: [...itemIds] } } });
    const byId = new Map(rows.map((row) => [row.id, row]));
    const errors = removalErrors(itemIds, byId);
    if (errors.length > 0) return refuse(errors);
    const removedAt = await write(services, itemIds);
    return { items: itemIds.map((itemId) => itemRecord({ ...byId.get(itemId)!, removedAt })), userErrors: [] };
  });
}

function removalErrors(itemIds: readonly number[], byId: ReadonlyMap<number, Item>): UserErrorRecord[] {
  const repeated = repeatedPositions(itemIds);
  return itemIds.flatMap((itemId, position) => {
    const row = byId.get(itemId);
    const error = (code: 'DUPLICATE' | 'NOT_FOUND' | 'CONFLICT', message: string) => [
      userError(code, `itemIds: ${message}`, 'itemIds', position),
    ];
    if (repeated.has(position)) return error('DUPLICATE', `item ${itemId} is earlier in this call already`);
    if (row === undefined) return error('NOT_FOUND', `expected an item of the catalogue, got ${itemId}`);
    return row.removedAt === null ? [] : error('CONFLICT', `item ${itemId} is removed already`);
  });
}

async function write({ database, log }: CatalogueServices, itemIds: readonly number[]): Promise<Date> {
  const removedAt = new Date();
  const tokenizer = await findLiveTokenizer(database.read);
  const codes = tokenizer ? await readCodes(database.read, tokenizer.id, itemIds) : new Map<number, number[]>();
  const items = itemIds.map((itemId) => ({ itemId, before: codes.get(itemId) ?? null, after: null }));
  return log.commit(async (transaction) => {
    await transaction.item.updateMany({ where: { id: { in: [...itemIds] } }, data: { removedAt } });
    if (tokenizer) await countPrefixes(transaction, tokenizer.id, items);
    return { result: removedAt, entries: [{ kind: 'ITEMS_REMOVED', tokenizerId: tokenizer && tokenizer.id, items }] };
  });
}
