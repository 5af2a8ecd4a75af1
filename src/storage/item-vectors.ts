/** Item vectors as the database keeps them: float32, little-endian. */
import { setImmediate } from 'node:timers/promises';

import { insertRows } from './bulk-rows';
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

/** Vectors of an eighth of a megabyte in all: the event loop gets a turn after each query. */
const ITEMS_A_QUERY = 64;

/** @returns Item id → vector, of the items that have one. */
export async function readVectors(client: Transaction, itemIds: readonly number[]): Promise<Map<number, StoredVector>> {
  const vectors = new Map<number, StoredVector>();
  for (let start = 0; start < itemIds.length; start += ITEMS_A_QUERY) {
    const chunk = itemIds.slice(start, start + ITEMS_A_QUERY);
    const rows = await client.itemVector.findMany({ where: { itemId: { in: chunk } } });
    for (const { itemId, encoder, dims, data } of rows) {
      vectors.set(itemId, { itemId, encoder, dims, vector: vectorOfBytes(data) });
    }
    await setImmediate();
  }
  return vectors;
}

/** Stores vectors, in place of those that the items had. */
export async function writeVectors(transaction: Transaction, vectors: readonly StoredVector[]): Promise<void> {
  for (let start = 0; start < vectors.length; start += ITEMS_A_QUERY) {
    const chunk = vectors.slice(start, start + ITEMS_A_QUERY);
    await transaction.itemVector.deleteMany({ where: { itemId: { in: chunk.map(({ itemId }) => itemId) } } });
    const rows = chunk.map(({ vector, ...columns }) => ({ ...columns, data: vectorBytes(vector) }));
    await insertRows(transaction, 'ItemVector', rows);
  }
}

/** @returns The width that item vectors have so far; null when there are none. */
export async function storedVectorDims(client: Transaction): Promise<number | null> {
  return (await client.itemVector.findFirst({ select: { dims: true } }))?.dims ?? null;
}
