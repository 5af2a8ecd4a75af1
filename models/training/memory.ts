/** The memory that a training takes, from the sizes of a shop: so that one that cannot end is refused before it begins. */
import type { TigerConfig } from '../config';

export interface ShopSize {
  readonly items: number;
  readonly users: number;
  readonly interactions: number;
  /** Numbers of an item's vector. */
  readonly dims: number;
}

/** The program, the runtime of the device, and what a step computes with. */
const BASE_BYTES = 900e6;
/** An item's text, its ID as a list, and its row in the look-ups. */
const BYTES_PER_ITEM = 600;
/** An interaction in columns, twice while they grow, and its places in the counts. */
const BYTES_PER_INTERACTION = 60;
const BYTES_PER_USER = 150;
/** Kept neighbours of an item, and the distance up to which interactions are neighbours, both ways: see `neighbourTable`. */
const [NEIGHBOURS, REACH] = [200, 100];
const BYTES_PER_NEIGHBOUR = 8;
/** Blocks of spectral vectors that are there at once, beside 16 further directions in two of them. */
const SPECTRAL_BLOCKS = 3;
/** Item vectors that a step has: weights, two moments, their mean, and copies on both sides of the runtime. */
const ITEM_VECTOR_COPIES = 8;

/** @returns About how many bytes a training of so large a shop takes at its peak: an estimate from the sizes of its arrays. */
export function trainingBytes(
  { items, users, interactions, dims }: ShopSize,
  { tokenizer, seq2seq }: TigerConfig,
): number {
  const vectors = 4 * items * dims;
  const data = vectors + BYTES_PER_ITEM * items + BYTES_PER_INTERACTION * interactions + BYTES_PER_USER * users;
  const textSize = Math.min(tokenizer.featureSize, dims);
  const { collaborativeSize } = tokenizer;
  const spectral = 4 * items * (SPECTRAL_BLOCKS * collaborativeSize + 32) + 96 * interactions;
  const features = 4 * items * (5 * textSize + 4 * collaborativeSize);
  const neighbours = BYTES_PER_NEIGHBOUR * Math.min(NEIGHBOURS * items, REACH * interactions);
  const itemVectors = seq2seq.itemHead ? 4 * items * seq2seq.modelSize * ITEM_VECTOR_COPIES : 0;
  return BASE_BYTES + data + Math.max(spectral, features, neighbours + itemVectors);
}

/** The machine has less memory than the training takes. */
export class MemoryError extends Error {
  override readonly name = 'MemoryError';
}

/**
 * @param memoryBytes - Of the machine, or the limit of its container.
 * @throws {MemoryError} When the training takes more.
 */
export function checkMemory(size: ShopSize, config: TigerConfig, memoryBytes: number): void {
  const needed = trainingBytes(size, config);
  if (needed <= memoryBytes) return;
  const { items, interactions } = size;
  const shop = `${items} items and ${interactions} interactions`;
  throw new MemoryError(
    `memory: expected ${gigabytes(needed)} for a training of preset ${config.preset} on ${shop}, got a machine or a container with ` +
      `${gigabytes(memoryBytes)}; give it more, train on a larger machine (TIGERQL_ROLE=train), or choose a smaller preset`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
