/** The items that get codes: what their texts are made of, and where they are read. */
import type { NewItemArgs } from '../../graphql/item/records';
import type { Item, Prisma } from '../../prisma/generated/sqlite/client';
import { readByKeys, readInWindows, readSomeInWindows } from '../storage/bulk-reads';
import { lastItemId } from '../storage/last-ids';
import type { Transaction } from '../storage/transaction';

/** The fields of an item that its text is made of. */
export interface TextFields {
  readonly title: string;
  readonly brand: string | null;
  readonly categories: readonly string[];
  /** Null beside a title: only the text of an item without one is made of it. */
  readonly description: string | null;
}

export function textFields({ title, brand, categories, description }: Pick<NewItemArgs, keyof TextFields>): TextFields {
  const standIn = title.trim() === '' ? (description ?? null) : null;
  return { title, brand: brand ?? null, categories: categories ?? [], description: standIn };
}

export interface ItemToEncode extends TextFields {
  readonly itemId: number;
  /** True: a vector that was made of the former text no longer holds. */
  readonly textChanged: boolean;
  /** The caller's own vector, in place of the one that is stored; absent: none came. */
  readonly embedding?: readonly number[] | null;
}

const TEXT_COLUMNS = { id: true, title: true, brand: true, categories: true, description: true } as const;

/** @returns The items that the condition admits, as they are stored, oldest first. */
export async function itemsToEncode(client: Transaction, where: Prisma.ItemWhereInput): Promise<ItemToEncode[]> {
  const rows = await readInWindows(await lastItemId(client), (id) =>
    client.item.findMany({ where: { AND: [where, { id: { ...id } }] }, select: TEXT_COLUMNS, orderBy: { id: 'asc' } }),
  );
  return rows.map(itemToEncode);
}

/** How many items get codes in one change when many have none: others wait for no more than the encoding of so many texts. */
const ITEMS_PER_FILL = 100;

/** @returns The first live items after this id that have no semantic ID, and the id after which to go on; null: there are no more. */
export async function itemsWithoutCodes(
  client: Transaction,
  tokenizerId: number,
  after: number,
): Promise<{ readonly items: ItemToEncode[]; readonly next: number | null }> {
  const where = { removedAt: null, semanticIds: { none: { tokenizerId } } };
  const part = { after, lastId: await lastItemId(client), take: ITEMS_PER_FILL };
  const { rows, next } = await readSomeInWindows(part, (id) =>
    client.item.findMany({
      where: { ...where, id: { ...id } },
      select: TEXT_COLUMNS,
      orderBy: { id: 'asc' },
      take: ITEMS_PER_FILL,
    }),
  );
  return { items: rows.map(itemToEncode), next };
}

/** @returns Those of the items that exist, as they are stored. */
export async function namedItemsToEncode(client: Transaction, itemIds: readonly number[]): Promise<ItemToEncode[]> {
  const rows = await readByKeys(itemIds, (some) =>
    client.item.findMany({ where: { id: { in: some } }, select: TEXT_COLUMNS, orderBy: { id: 'asc' } }),
  );
  return rows.map(itemToEncode);
}

function itemToEncode(row: Pick<Item, keyof typeof TEXT_COLUMNS>): ItemToEncode {
  const { id, ...fields } = row;
  return { itemId: id, ...textFields({ ...fields, categories: fields.categories as string[] }), textChanged: false };
}
