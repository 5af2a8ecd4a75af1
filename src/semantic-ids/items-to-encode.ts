/** The items that get codes: their texts, where they are read, and which vectors they lack. */
import { itemText } from '../../models/text/item-text';
import { SENTENCE_DIMS, SENTENCE_ENCODER } from '../../models/text/sentence-encoder';
import type { Item, Prisma } from '../../prisma/generated/sqlite/client';
import { type IdWindow, readByKeys, readInWindows, readSomeInWindows } from '../storage/bulk-reads';
import { lastItemId } from '../storage/last-ids';
import type { Transaction } from '../storage/transaction';

export interface ItemToEncode {
  readonly itemId: number;
  /** The text that its vector is made of. */
  readonly text: string;
}

const TEXT_COLUMNS = { id: true, title: true, brand: true, categories: true, description: true } as const;

/** Prisma makes objects of so many rows in some milliseconds. */
const TEXTS_PER_WINDOW = 500;

/** @returns The items that the condition admits, as they are stored, oldest first. */
export async function itemsToEncode(client: Transaction, where: Prisma.ItemWhereInput): Promise<ItemToEncode[]> {
  const read = (id: IdWindow) =>
    client.item.findMany({ where: { AND: [where, { id: { ...id } }] }, select: TEXT_COLUMNS, orderBy: { id: 'asc' } });
  const windows = await readInWindows(await lastItemId(client), read, TEXTS_PER_WINDOW);
  return windows.flat().map(itemToEncode);
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
  const { id, categories, ...fields } = row;
  return { itemId: id, text: itemText({ ...fields, categories: categories as string[] }) };
}

/** Items without a vector, beside items that have one. */
export interface VectorCount {
  readonly items: number;
  /** Items that have no vector. */
  readonly missing: number;
  /** Id of the first of them; null: none is missing. */
  readonly firstMissing: string | null;
  /** Width of the vectors. */
  readonly dims: number;
  /** The encoders of the vectors that there are; none: no item has one. */
  readonly encoders: ReadonlySet<string>;
}

/**
 * Checks whether the built-in text encoder can make the vectors that are missing.
 * Numbers of two encoders cannot be compared, so the built-in encoder completes only what it began.
 *
 * @returns What was expected and what came; null when every item has a vector, or can get one from its text.
 */
export function missingVectorsFault({ items, missing, firstMissing, dims, encoders }: VectorCount): string | null {
  const isCompletable = encoders.size === 0 || encoders.has(SENTENCE_ENCODER);
  if (missing === 0 || (isCompletable && dims === SENTENCE_DIMS)) return null;
  return (
    `vectors: expected one for each item, got none for ${missing} of ${items} items, first for ${firstMissing}; the built-in text ` +
    `encoder cannot make them, since its vectors are not comparable with the others (${dims} numbers of another encoder); ` +
    'give these items vectors too, or give none to any item'
  );
}
