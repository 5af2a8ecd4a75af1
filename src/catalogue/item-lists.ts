/** The lists of items: the filter as a condition for Prisma, and the orders, each with the sort key that its cursors carry. */
import { z } from 'zod';

import type { ItemFilterArgs, ItemOrderArgs, OrderDirection } from '../../graphql/item/records';
import type { Item, Prisma } from '../../prisma/generated/sqlite/client';
import { type ActiveTokenizer, mayBeginWith } from '../semantic-ids/active-tokenizer';
import { keysUnder } from '../storage/code-keys';
import { type Cursors, cursorsOf, decodeCursor, idCursorsOf } from '../storage/cursor-pages';
import { columnConditions } from '../storage/item-columns';

const NOTHING: Prisma.ItemWhereInput = { id: { in: [] } };

/** The live items that pass. */
export function liveItemsWhere(
  filter: ItemFilterArgs | null,
  tokenizer: ActiveTokenizer | null,
): Prisma.ItemWhereInput {
  if (filter === null) return { removedAt: null };
  const conditions = columnConditions(filter);
  if (filter.semanticIdPrefix?.length) conditions.push(underPrefix(filter.semanticIdPrefix, tokenizer));
  return { removedAt: null, AND: conditions };
}

/** The items whose semantic ID begins with these codes; none when there is no such prefix. */
export function underPrefix(codes: readonly number[], tokenizer: ActiveTokenizer | null): Prisma.ItemWhereInput {
  if (!mayBeginWith(tokenizer, codes)) return NOTHING;
  const range = keysUnder(codes, tokenizer.idLength);
  return { semanticIds: { some: { tokenizerId: tokenizer.id, codesKey: { ...range } } } };
}

export interface ItemOrdering {
  readonly orderBy: Prisma.ItemOrderByWithRelationInput[];
  /** The columns of the sort key. */
  readonly select: Record<SortColumn, true>;
  /** @returns The condition that all items behind a cursor meet. */
  after(cursor: string | null): Prisma.ItemWhereInput;
  readonly cursors: Cursors<Pick<Item, SortColumn>, unknown>;
}

type SortColumn = 'id' | 'searchTitle' | 'price' | 'interactionCount';

const SORT_COLUMNS: Record<SortColumn, true> = { id: true, searchTitle: true, price: true, interactionCount: true };

const ID_CURSORS = idCursorsOf('items');

/** When two are equal, the older comes first. Absent: by age alone. */
export function itemOrdering(order: ItemOrderArgs | null | undefined): ItemOrdering {
  const { field, direction } = { field: order?.field ?? 'ADDED', direction: order?.direction ?? 'ASC' } as const;
  switch (field) {
    case 'ADDED':
      return byId(direction);
    case 'TITLE':
      return byColumn('searchTitle', z.string(), direction);
    case 'PRICE':
      return byColumn('price', z.number().nullable(), direction);
    case 'INTERACTIONS':
      return byColumn('interactionCount', z.int32(), direction);
    default:
      return field satisfies never;
  }
}

function byId(direction: OrderDirection): ItemOrdering {
  return {
    select: SORT_COLUMNS,
    orderBy: [{ id: sortOrder(direction) }],
    after: (cursor) => (cursor === null ? {} : { id: beyond(decodeCursor(cursor, ID_CURSORS), direction) }),
    cursors: ID_CURSORS,
  };
}

/** Null sorts after all values. */
function byColumn(
  column: Exclude<SortColumn, 'id'>,
  value: z.ZodType<string | number | null>,
  direction: OrderDirection,
): ItemOrdering {
  const sort = sortOrder(direction);
  const isNullable = column === 'price';
  const sortKeyOf = (item: Pick<Item, SortColumn>): [string | number | null, number] => [item[column], item.id];
  const cursors = cursorsOf(`items by ${column}`, z.tuple([value, z.int32()]), sortKeyOf);
  return {
    select: SORT_COLUMNS,
    orderBy: [{ [column]: isNullable ? { sort, nulls: 'last' } : sort }, { id: 'asc' }],
    after(cursor) {
      if (cursor === null) return {};
      const [last, id] = decodeCursor(cursor, cursors);
      const equal = { [column]: last, id: { gt: id } };
      if (last === null) return equal;
      const nulls = isNullable ? [{ [column]: null }] : [];
      return { OR: [{ [column]: beyond(last, direction) }, equal, ...nulls] };
    },
    cursors,
  };
}

function beyond<T>(value: T, direction: OrderDirection): { gt: T } | { lt: T } {
  return direction === 'ASC' ? { gt: value } : { lt: value };
}

function sortOrder(direction: OrderDirection): 'asc' | 'desc' {
  return direction === 'ASC' ? 'asc' : 'desc';
}
