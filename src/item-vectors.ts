/** Item vectors as the database keeps them: float32, little-endian. */
import type { Transaction } from './database';

export function vectorBytes(vector: Float32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Float32Array.from(vector).buffer);
}

export function vectorOfBytes(bytes: Uint8Array): Float32Array {
  // A driver's buffer may begin anywhere in a larger one: copying it also aligns it.
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

export interface StoredVector {
  readonly itemId: number;
  readonly encoder: string;
  readonly dims: number;
  readonly vector: Float32Array;
}

/** Items with fewer parameters a query than SQLite's limit, many enough to be quick. */
const ITEMS_A_QUERY = 5_000;

/** @returns Item id → vector, of the items that have one. */
export async function readVectors(client: Transaction, itemIds: readonly number[]): Promise<Map<number, StoredVector>> {
  const vectors = new Map<number, StoredVector>();
  for (let start = 0; start < itemIds.length; start += ITEMS_A_QUERY) {
    const chunk = itemIds.slice(start, start + ITEMS_A_QUERY);
    const rows = await client.itemVector.findMany({ where: { itemId: { in: chunk } } });
    for (const { itemId, encoder, dims, data } of rows) {
      vectors.set(itemId, { itemId, encoder, dims, vector: vectorOfBytes(data) });
    }
  }
  return vectors;
}

/** Stores vectors, in place of those that the items had. */
export async function writeVectors(transaction: Transaction, vectors: readonly StoredVector[]): Promise<void> {
  await transaction.itemVector.deleteMany({ where: { itemId: { in: vectors.map(({ itemId }) => itemId) } } });
  await transaction.itemVector.createMany({
    data: vectors.map(({ itemId, encoder, dims, vector }) => ({ itemId, encoder, dims, data: vectorBytes(vector) })),
  });
}

/** @returns The width that item vectors have so far; null when there are none. */
export async function storedVectorDims(client: Transaction): Promise<number | null> {
  return (await client.itemVector.findFirst({ select: { dims: true } }))?.dims ?? null;
}
