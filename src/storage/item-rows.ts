/** Rows of items beside their columns: ids, categories, vectors (float32, little-endian). */
import { isStorableText } from '../../graphql/common/storable-text';
import { SENTENCE_ENCODER } from '../../models/text/sentence-encoder';
import { forKeys, pagesOf, readByKeys } from './bulk-reads';
import { insertRows } from './bulk-rows';
import type { Transaction } from './transaction';

/** @returns External ID → id, of the items that exist, removed ones too. */
export async function itemIdsOf(client: Transaction, externalIds: readonly string[]): Promise<Map<string, number>> {
  // No item has an ID that no database can keep, and PostgreSQL refuses a query with one.
  const rows = await readByKeys([...new Set(externalIds)].filter(isStorableText), (some) =>
    client.item.findMany({ where: { externalId: { in: some } }, select: { id: true, externalId: true } }),
  );
  return new Map(rows.map((row) => [row.externalId, row.id]));
}

/** @returns Those of the items that exist and are not removed. */
export async function liveItemIds(client: Transaction, itemIds: readonly number[]): Promise<Set<number>> {
  const rows = await readByKeys(itemIds, (some) =>
    client.item.findMany({ where: { id: { in: some }, removedAt: null }, select: { id: true } }),
  );
  return new Set(rows.map(({ id }) => id));
}

/** Writes the items' categories, in place of those that they had. */
export async function writeCategories(
  transaction: Transaction,
  items: readonly { readonly itemId: number; readonly categories: readonly string[] }[],
): Promise<void> {
  await forKeys(items, (some) =>
    transaction.itemCategory.deleteMany({ where: { itemId: { in: some.map(({ itemId }) => itemId) } } }),
  );
  const rows = items.flatMap(({ itemId, categories }) => [...new Set(categories)].map((name) => ({ itemId, name })));
  await insertRows(transaction, 'ItemCategory', rows);
}

export function vectorBytes(vector: Float32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Float32Array.from(vector).buffer);
}

function vectorOfBytes(bytes: Uint8Array): Float32Array {
  // A driver's buffer may begin anywhere in a larger one: copying it also aligns it.
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

export interface StoredVector {
  readonly itemId: number;
  readonly encoder: string;
  readonly dims: number;
  readonly vector: Float32Array;
}

/** Vectors of an eighth of a megabyte in all. Reading yields to the event loop after each query. */
const ITEMS_PER_QUERY = 64;

/** @returns Item id → vector, of the items that have one. */
export async function readVectors(client: Transaction, itemIds: readonly number[]): Promise<Map<number, StoredVector>> {
  const vectors = new Map<number, StoredVector>();
  const read = async (some: number[]) => {
    const rows = await client.itemVector.findMany({ where: { itemId: { in: some } } });
    for (const { itemId, encoder, dims, data } of rows) {
      vectors.set(itemId, { itemId, encoder, dims, vector: vectorOfBytes(data) });
    }
  };
  await forKeys(itemIds, read, ITEMS_PER_QUERY);
  return vectors;
}

/** A page is some megabytes at most. */
const VECTORS_PER_PAGE = 1_000;

/** Yields the vectors of items with ids up to `lastItemId` page by page, by ascending item id. */
export async function* vectorPages({ itemVector }: Transaction, lastItemId: number): AsyncGenerator<StoredVector[]> {
  const read = (after: number, take: number) =>
    itemVector.findMany({ where: { itemId: { gt: after, lte: lastItemId } }, orderBy: { itemId: 'asc' }, take });
  for await (const rows of pagesOf(0, read, ({ itemId }) => itemId, VECTORS_PER_PAGE))
    yield rows.map(({ data, ...row }) => ({ ...row, vector: vectorOfBytes(data) }));
}

/** @returns Those of the items that have a vector. */
export async function itemIdsWithVectors(client: Transaction, itemIds: readonly number[]): Promise<Set<number>> {
  const rows = await readByKeys(itemIds, (some) =>
    client.itemVector.findMany({ where: { itemId: { in: some } }, select: { itemId: true } }),
  );
  return new Set(rows.map(({ itemId }) => itemId));
}

/** Stores vectors, in place of those that the items had. */
export async function writeVectors(transaction: Transaction, vectors: readonly StoredVector[]): Promise<void> {
  const write = async (some: StoredVector[]) => {
    await transaction.itemVector.deleteMany({ where: { itemId: { in: some.map(({ itemId }) => itemId) } } });
    const rows = some.map(({ vector, ...columns }) => ({ ...columns, data: vectorBytes(vector) }));
    await insertRows(transaction, 'ItemVector', rows);
  };
  await forKeys(vectors, write, ITEMS_PER_QUERY);
}

/**
 * Deletes vectors that were made here from a former text. A training, or whoever gives the item codes, makes one from the new text;
 * until then a cold item is near no history. What another encoder made cannot be made anew, so it stays.
 */
export async function dropMadeVectors(transaction: Transaction, itemIds: readonly number[]): Promise<void> {
  await forKeys(itemIds, (some) =>
    transaction.itemVector.deleteMany({ where: { itemId: { in: some }, encoder: SENTENCE_ENCODER } }),
  );
}

/** @returns The width that item vectors have so far; null when there are none. */
export async function storedVectorDims(client: Transaction): Promise<number | null> {
  return (await client.itemVector.findFirst({ select: { dims: true } }))?.dims ?? null;
}
