/** Lists of items: which of them, in which order, a page at a time, and how many there are. */
import { z } from 'zod';

import type { TwoWayPageArgs } from '../../graphql/common/records';
import type { FacetValueRecord, ItemFacet, ItemOrderArgs } from '../../graphql/item/records';
import { Prisma } from '../../prisma/generated/sqlite/client';
import type { IdWindow } from './bulk-reads';
import { type Cursors, cursorsOf, decodeCursor, directionOf } from './cursor-pages';
import { isIn } from './item-columns';
import { type ItemSearch, NO_SEARCH } from './item-search';
import type { Transaction } from './transaction';

export interface ItemSelection {
  /** An item must meet all of them. */
  readonly conditions: readonly Prisma.Sql[];
  readonly search: ItemSearch | null;
}

function selected({ conditions, search }: ItemSelection, ...more: readonly Prisma.Sql[]): Prisma.Sql {
  const { from, condition } = search ?? NO_SEARCH;
  return Prisma.sql`${from} WHERE ${Prisma.join([condition, ...conditions, ...more], ' AND ')}`;
}

type SortKey = string | number | null;

/** An item's id, and what it is sorted by. */
interface SortedItem {
  readonly id: number;
  readonly key: SortKey;
}

export interface ItemOrdering {
  readonly key: Prisma.Sql;
  /** Items without a key come last. */
  readonly isNullable?: true;
  readonly isDescending: boolean;
  readonly cursors: Cursors<SortedItem, readonly [SortKey, number]>;
}

/** When two are equal, the older comes first. Absent: the best first in a search, else by age. */
export function itemOrdering(order: ItemOrderArgs | null | undefined, search: ItemSearch | null): ItemOrdering {
  const isDescending = order?.direction === 'DESC';
  const ordering = (list: string, key: Prisma.Sql, value: z.ZodType<SortKey>) => ({
    key,
    isDescending,
    cursors: cursorsOf(list, z.tuple([value, z.int32()]), (item: SortedItem) => [item.key, item.id] as const),
  });
  if (!order) return search === null ? BY_AGE : ordering('items by relevance', search.relevance, z.number());
  switch (order.field) {
    case 'ADDED':
      return { ...BY_AGE, isDescending };
    case 'TITLE':
      return ordering('items by title', Prisma.sql`"sortTitle"`, z.string());
    case 'PRICE':
      return { ...ordering('items by price', Prisma.sql`"price"`, z.number().nullable()), isNullable: true };
    case 'INTERACTIONS':
      return ordering('items by interactions', Prisma.sql`"interactionCount"`, z.int32());
    default:
      return order.field satisfies never;
  }
}

const BY_AGE: ItemOrdering = {
  key: Prisma.sql`"id"`,
  isDescending: false,
  cursors: cursorsOf('items', z.tuple([z.int32(), z.int32()]), ({ id }) => [id, id] as const),
};

/** @returns The rows of a page, and one more when there are more, in the order in which they are read. */
export function readSortedItems(
  client: Transaction,
  selection: ItemSelection,
  ordering: ItemOrdering,
  page: TwoWayPageArgs,
): Promise<SortedItem[]> {
  const { count, cursor, isBackward } = directionOf(page);
  const { key, isNullable, isDescending } = ordering;
  const beyond = cursor === null ? Prisma.sql`TRUE` : beyondCursor(ordering, page, cursor);
  const sort = Prisma.raw(isDescending === isBackward ? 'ASC' : 'DESC');
  const nulls = Prisma.raw(!isNullable ? '' : isBackward ? 'NULLS FIRST' : 'NULLS LAST');
  return client.$queryRaw<SortedItem[]>`
    SELECT "id", ${key} AS "key" FROM ${selected(selection, beyond)}
    ORDER BY ${key} ${sort} ${nulls}, "id" ${Prisma.raw(isBackward ? 'DESC' : 'ASC')} LIMIT ${count + 1}`;
}

/** The rows after a cursor, or those before it. */
function beyondCursor(ordering: ItemOrdering, page: TwoWayPageArgs, cursor: string): Prisma.Sql {
  const { key, isNullable, isDescending, cursors } = ordering;
  const { isBackward } = directionOf(page);
  const [last, id] = decodeCursor(cursor, cursors, isBackward ? 'before' : 'after');
  const isBeyond = Prisma.raw(isDescending === isBackward ? '>' : '<');
  if (key === BY_AGE.key) return Prisma.sql`"id" ${isBeyond} ${id}`;
  const isOther = Prisma.sql`"id" ${Prisma.raw(isBackward ? '<' : '>')} ${id}`;
  if (last === null) {
    const isEqual = Prisma.sql`${key} IS NULL AND ${isOther}`;
    return isBackward ? Prisma.sql`(${key} IS NOT NULL OR (${isEqual}))` : Prisma.sql`(${isEqual})`;
  }
  const isNull = isNullable && !isBackward ? Prisma.sql`OR ${key} IS NULL` : Prisma.empty;
  return Prisma.sql`(${key} ${isBeyond} ${last} OR (${key} = ${last} AND ${isOther}) ${isNull})`;
}

/** @param among - Only these ids. @returns Ids, ascending. */
export async function readItemIds(
  client: Transaction,
  selection: ItemSelection,
  among: IdWindow | readonly number[],
): Promise<Int32Array> {
  // As one text: the driver takes five times as long for rows.
  const [{ ids }] = await client.$queryRaw<{ ids: string | null }[]>`
    SELECT string_agg(CAST("id" AS TEXT), ',') AS "ids" FROM ${selected(selection, isAmong(among))}`;
  return Int32Array.from(JSON.parse(`[${ids ?? ''}]`) as number[]).sort();
}

/** @param among - Only these ids; null: all. @returns Whether there is such an item. */
export async function hasItem(
  client: Transaction,
  selection: ItemSelection,
  among: readonly number[] | null,
): Promise<boolean> {
  const more = among ? [isAmong(among)] : [];
  const rows = await client.$queryRaw<unknown[]>`SELECT "id" FROM ${selected(selection, ...more)} LIMIT 1`;
  return rows.length > 0;
}

/** @param among - Only these ids; absent: all. */
export async function countItems(client: Transaction, selection: ItemSelection, among?: IdWindow): Promise<number> {
  const more = among ? [isAmong(among)] : [];
  const [{ items }] = await client.$queryRaw<{ items: number }[]>`
    SELECT CAST(COUNT(*) AS INTEGER) AS "items" FROM ${selected(selection, ...more)}`;
  return items;
}

function isAmong(ids: IdWindow | readonly number[]): Prisma.Sql {
  if ('gt' in ids) return Prisma.sql`"id" > ${ids.gt} AND "id" <= ${ids.lte}`;
  return isIn('id', ids);
}

/** @returns The values that most of the items have, with how many have them; of equally frequent ones the first by name. */
export function readFacet(
  client: Transaction,
  facet: ItemFacet,
  { conditions, search }: ItemSelection,
  take: number,
): Promise<FacetValueRecord[]> {
  const { value, join } = FACETS[facet];
  const { from, ...rest } = search ?? NO_SEARCH;
  const joined = {
    conditions: [...conditions, Prisma.sql`${value} IS NOT NULL`],
    search: { ...rest, from: Prisma.sql`${from} ${join}` },
  };
  return client.$queryRaw<FacetValueRecord[]>`
    SELECT ${value} AS "value", CAST(COUNT(*) AS INTEGER) AS "count" FROM ${selected(joined)}
    GROUP BY ${value} ORDER BY COUNT(*) DESC, ${value} ASC LIMIT ${take}`;
}

const FACETS: Record<ItemFacet, { readonly value: Prisma.Sql; readonly join: Prisma.Sql }> = {
  brands: { value: Prisma.sql`"brand"`, join: Prisma.empty },
  availability: { value: Prisma.sql`"availability"`, join: Prisma.empty },
  categories: {
    value: Prisma.sql`"name"`,
    join: Prisma.sql`JOIN "ItemCategory" ON "ItemCategory"."itemId" = "Item"."id"`,
  },
};
