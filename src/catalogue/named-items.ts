/** The items that a mutation names by their ids: their rows, and what is wrong with the ids. */
import { repeatedPositions, userError } from '../../graphql/common/errors';
import { toGlobalId } from '../../graphql/common/global-id';
import type { UserErrorRecord } from '../../graphql/common/records';
import { ITEM_SELECT, type ItemRow } from '../storage/item-columns';
import type { Transaction } from '../storage/transaction';

/** By item id; ids of no item are left out. */
export type NamedItems = ReadonlyMap<number, ItemRow>;

export async function readNamedItems(client: Transaction, itemIds: readonly number[]): Promise<NamedItems> {
  const rows = await client.item.findMany({ where: { id: { in: [...itemIds] } }, select: ITEM_SELECT });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Where a mutation names its items: the input's name in messages, and the path of an entry. */
export interface NamedAt {
  readonly name: string;
  readonly fieldOf: (position: number) => readonly (string | number)[];
}

const IN_ITEM_IDS: NamedAt = { name: 'itemIds', fieldOf: (position) => ['itemIds', position] };

/**
 * @param items - Those that exist.
 * @param faultOf - Why an item is not in the state that the mutation asks for; null: it is.
 * @param code - Of such a fault.
 * @returns At most one error for each id.
 */
export function namedItemErrors(
  itemIds: readonly number[],
  items: NamedItems,
  faultOf: (item: ItemRow) => string | null,
  { name, fieldOf }: NamedAt = IN_ITEM_IDS,
  code: 'NOT_FOUND' | 'CONFLICT' = 'CONFLICT',
): UserErrorRecord[] {
  const repeated = repeatedPositions(itemIds);
  return itemIds.flatMap((itemId, position) => {
    const error = (code: 'DUPLICATE' | 'NOT_FOUND' | 'CONFLICT', message: string) => [
      userError(code, `${name}: ${message}`, ...fieldOf(position)),
    ];
    if (repeated.has(position))
      return error('DUPLICATE', `expected each item once, got ${toGlobalId('Item', itemId)} again`);
    const item = items.get(itemId);
    if (item === undefined)
      return error(
        'NOT_FOUND',
        `expected an item of the catalogue, got ${toGlobalId('Item', itemId)}; items lists them`,
      );
    const fault = faultOf(item);
    return fault === null ? [] : error(code, fault);
  });
}

/** The same for a mutation of live items: a removed one is not in the catalogue. */
export function liveItemErrors(itemIds: readonly number[], items: NamedItems, at?: NamedAt): UserErrorRecord[] {
  const absenceOf = ({ id, removedAt }: ItemRow) =>
    removedAt === null
      ? null
      : `expected an item of the catalogue, got ${toGlobalId('Item', id)}, which is removed; restore it first`;
  return namedItemErrors(itemIds, items, absenceOf, at, 'NOT_FOUND');
}
