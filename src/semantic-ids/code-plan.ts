/** Gives items the semantic IDs that a tokenizer makes of their present vectors: first makes a plan, then writes it. */
import { toGlobalId } from '../../graphql/common/global-id';
import type { UserErrorRecord } from '../../graphql/common/records';
import { userError } from '../../graphql/common/user-errors';
import type { NewItemArgs } from '../../graphql/item/records';
import type { CodeChange } from '../../models/decoding/trie';
import { chunksOf } from '../../models/math/chunks-of';
import { Rows } from '../../models/math/rows';
import { itemText } from '../../models/text/item-text';
import { SENTENCE_DIMS, SENTENCE_ENCODER } from '../../models/text/sentence-encoder';
import type { Item, Prisma } from '../../prisma/generated/sqlite/client';
import { readByKeys, readInWindows, readSomeInWindows } from '../storage/bulk-reads';
import { codesOfKey } from '../storage/code-keys';
import type { Database } from '../storage/database';
import { readVectors, type StoredVector, writeVectors } from '../storage/item-vectors';
import { lastItemId } from '../storage/last-ids';
import type { Transaction } from '../storage/transaction';
import type { ActiveTokenizer } from './active-tokenizer';
import { assignCodes, fullError, rankLastLevel } from './code-assignment';
import { type Placement, placeCodes } from './placement';
import { writeChanges } from './semantic-id-rows';
import { type CodeAssigner, GIVEN_ENCODER } from './text-encoder';

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

/** What is needed to make codes. */
export interface CodeSources {
  readonly database: Database;
  readonly assigner: CodeAssigner;
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

export interface PlannedCodes {
  readonly itemId: number;
  /** Whole semantic ID that the item has now. */
  readonly before: readonly number[] | null;
  /** Codebook codes that it should have; empty when the tokenizer cannot read its vector. */
  readonly codes: readonly number[];
  /** `WIDTH`: the item has no vector that is as wide as the vectors that the tokenizer reads, and none can be made of its text. */
  readonly placement: Placement | { readonly refused: 'WIDTH' };
  /** A vector that had to be made; null: the stored vector holds. */
  readonly madeVector: StoredVector | null;
}

/** Items whose vectors are in memory at once: 2 MB at 512 numbers each. */
const ITEMS_PER_CHUNK = 1_000;

/**
 * Reads and computes; writes nothing. Takes the vector that came with an item; encodes the text of an item that has no vector of its
 * present text, where the tokenizer reads vectors of that width. An item whose group is full gets the next nearest code that has room.
 */
export async function planCodes(
  services: CodeSources,
  tokenizer: ActiveTokenizer,
  items: readonly ItemToEncode[],
): Promise<PlannedCodes[]> {
  const { read } = services.database;
  const made = new Map<number, StoredVector>();
  const wanted: { itemId: number; codes: readonly number[] }[] = [];
  for (const chunk of chunksOf(items, ITEMS_PER_CHUNK)) {
    const vectors = await presentVectors(services, tokenizer, chunk, made);
    const readable = [...vectors].filter(([, vector]) => vector.length === tokenizer.dims);
    const codes = await assignCodes(
      services.assigner,
      tokenizer,
      readable.map(([, vector]) => vector),
    );
    readable.forEach(([itemId], i) => wanted.push({ itemId, codes: codes[i] }));
  }
  const placements = await placeCodes(read, tokenizer, wanted, async (positions) => {
    const crowded = positions.map((position) => wanted[position].itemId);
    const stored = await readVectors(read, crowded);
    const vectors = crowded.map((itemId) => (made.get(itemId) ?? stored.get(itemId)!).vector);
    return rankLastLevel(services.assigner, tokenizer, vectors);
  });
  const places = new Map(wanted.map((each, i) => [each.itemId, { codes: each.codes, placement: placements[i] }]));
  const itemIds = items.map(({ itemId }) => itemId);
  const present = await readCodes(read, tokenizer.id, itemIds);
  return itemIds.map((itemId) => ({
    itemId,
    before: present.get(itemId) ?? null,
    ...(places.get(itemId) ?? UNREADABLE),
    madeVector: made.get(itemId) ?? null,
  }));
}

/** @returns Item id → vector of its present text, of the items that have one, in their order. Adds the vectors that it makes to `made`. */
async function presentVectors(
  services: CodeSources,
  { dims }: ActiveTokenizer,
  items: readonly ItemToEncode[],
  made: Map<number, StoredVector>,
): Promise<Map<number, Float32Array>> {
  const stored = await readVectors(
    services.database.read,
    items.map(({ itemId }) => itemId),
  );
  const isStale = (item: ItemToEncode) =>
    !stored.has(item.itemId) || (item.textChanged && stored.get(item.itemId)!.encoder === SENTENCE_ENCODER);
  // Beside a shop's own vectors of another width, one made here would be of no use, and the next import of its own would be refused.
  const isMade = (item: ItemToEncode) => item.embedding || (dims === SENTENCE_DIMS && isStale(item));
  for (const vector of await encodeItems(services, items.filter(isMade))) made.set(vector.itemId, vector);
  const present = items.map(({ itemId }) => made.get(itemId) ?? stored.get(itemId));
  return new Map(present.flatMap((found) => (found ? [[found.itemId, found.vector]] : [])));
}

const UNREADABLE = { codes: [], placement: { refused: 'WIDTH' } } as const;

/** @returns One error for each item that found no place. */
export function planErrors(
  plan: readonly PlannedCodes[],
  tokenizer: ActiveTokenizer,
  fieldOf: (itemId: number) => (string | number)[],
): UserErrorRecord[] {
  return plan.flatMap(({ itemId, codes, placement }) => {
    if ('codes' in placement) return [];
    if (placement.refused !== 'WIDTH') return [fullError(codes, tokenizer, ...fieldOf(itemId))];
    const message = `vector: expected ${tokenizer.dims} numbers for item ${toGlobalId('Item', itemId)}, got another width; give it another embedding`;
    return [userError('INVALID', message, ...fieldOf(itemId))];
  });
}

/** @returns The changes of the plan, without the items that keep their codes. */
export function plannedChanges(plan: readonly PlannedCodes[]): (CodeChange & { readonly after: readonly number[] })[] {
  return plan.flatMap(({ itemId, before, placement }) =>
    'codes' in placement && String(before) !== String(placement.codes)
      ? [{ itemId, before, after: placement.codes }]
      : [],
  );
}

/** Writes the plan: vectors, semantic IDs and the counts of their prefixes. All its items are live, and its tokenizer is active. */
export async function storePlan(
  transaction: Transaction,
  tokenizer: ActiveTokenizer,
  plan: readonly PlannedCodes[],
): Promise<CodeChange[]> {
  const changes = plannedChanges(plan);
  await writeVectors(
    transaction,
    plan.flatMap(({ madeVector }) => madeVector ?? []),
  );
  await writeChanges(transaction, tokenizer.id, changes);
  return changes;
}

/** @returns Item id → whole semantic ID under the tokenizer, of the items that have one; under none (null) no item has. */
export async function readCodes(
  client: Transaction,
  tokenizerId: number | null,
  itemIds: readonly number[],
): Promise<Map<number, number[]>> {
  if (tokenizerId === null) return new Map();
  const rows = await readByKeys(itemIds, (some) =>
    client.semanticId.findMany({
      where: { tokenizerId, itemId: { in: some } },
      select: { itemId: true, codesKey: true },
    }),
  );
  return new Map(rows.map((row) => [row.itemId, codesOfKey(row.codesKey)]));
}

export async function encodeItems(
  sources: Pick<CodeSources, 'assigner'>,
  items: readonly ItemToEncode[],
): Promise<StoredVector[]> {
  const vectors = await encodeTexts(sources, items);
  return vectors.map((vector, i) => ({ itemId: items[i].itemId, ...vector }));
}

/** @returns The vector of each: what came with the item, or else what is made of its text. */
export async function encodeTexts(
  { assigner }: Pick<CodeSources, 'assigner'>,
  items: readonly (TextFields & Pick<ItemToEncode, 'embedding'>)[],
): Promise<Omit<StoredVector, 'itemId'>[]> {
  if (items.length === 0) return [];
  const { vectors, dims, encoder } = await assigner.encode(
    items.map((item) => ({ text: itemText(item), embedding: item.embedding ?? null })),
  );
  const rows = new Rows(vectors, dims);
  return items.map(({ embedding }, row) => ({
    encoder: embedding ? GIVEN_ENCODER : encoder,
    dims,
    vector: rows.row(row),
  }));
}
