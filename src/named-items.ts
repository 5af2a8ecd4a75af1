/** Items that a mutation names by their ids: their rows, and what is wrong with the ids. */
import type { UserErrorRecord } from '../graphql/records';
import type { Item } from '../prisma/generated/sqlite/client';
import type { Transaction } from './database';
import { repeatedPositions, userError } from './user-errors';

/** By item id; ids of no item are left out. */
export type NamedItems = ReadonlyMap<number, Item>;

export async function readNamedItems(client: Transaction, itemIds: readonly number[]): Promise<NamedItems> {
  const rows = await client.item.findMany({ where: { id: { in: [...itemIds] } } });
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * @param conflictOf - Why an item is not in the state that the mutation asks for; null: it is.
 * @returns At most one error an id.
 */
export function namedItemErrors(
  itemIds: readonly number[],
  items: NamedItems,
  conflictOf: (item: Item) => string | null,
): UserErrorRecord[] {
  const repeated = repeatedPositions(itemIds);
  return itemIds.flatMap((itemId, position) => {
    const error = (code: 'DUPLICATE' | 'NOT_FOUND' | 'CONFLICT', message: string) => [
      userError(code, `itemIds: ${message}`, 'itemIds', position),
    ];
    if (repeated.has(position)) return error('DUPLICATE', `item ${itemId} is earlier in this call already`);
    const item = items.get(itemId);
    if (item === undefined) return error('NOT_FOUND', `expected an item of the catalogue, got ${itemId}`);
    const conflict = conflictOf(item);
    return conflict === null ? [] : error('CONFLICT', conflict);
  });
}
