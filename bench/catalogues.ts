/** Made-up catalogues: semantic IDs of the sizes and shapes that real ones have. */
import type { TrieRows } from '../models/decoding/trie';
import { createRandom, type Random } from '../models/math/random';

export const DEPTH = 4;
export const WIDTH = 256;

/** Distinct IDs, all four codes uniform, as the PyTorch peer's `random_catalogue` makes them. */
export function uniformRows(items: number, seed = 1): TrieRows {
  const random = createRandom(seed);
  return distinctRows(items, () => Array.from({ length: DEPTH }, () => random.int(WIDTH)));
}

/**
 * Distinct IDs as a trained tokenizer gives them: some codes far more often than others, which ones depends on the codes before, and
 * the last one counts the items that share the first three.
 */
export function clusteredRows(items: number, seed = 1): TrieRows {
  const random = createRandom(seed);
  const used = new Map<number, number>();
  return distinctRows(items, () => {
    const codes: number[] = [];
    for (let prefix = 0; codes.length < DEPTH - 1; prefix = prefix * WIDTH + codes[codes.length - 1] + 1)
      codes.push(skewedCode(random, prefix));
    const key = keyOf(codes);
    const token = used.get(key) ?? 0;
    used.set(key, token + 1);
    // Past the last token the ID is drawn again: `% WIDTH` makes it one that is taken.
    return [...codes, token % WIDTH];
  });
}

/** @returns The codes of one row. */
export function codesOf({ codes, depth }: TrieRows, row: number): number[] {
  return Array.from(codes.subarray(row * depth, (row + 1) * depth));
}

/** Histories of `length` items each, drawn from the catalogue. */
export function randomHistories(rows: TrieRows, users: number, length: number, seed = 2): number[][][] {
  const random = createRandom(seed);
  return Array.from({ length: users }, () =>
    Array.from({ length }, () => codesOf(rows, random.int(rows.itemIds.length))),
  );
}

/** u^1.3 thins out the high ranks to a perplexity of about 240 of 256, which RQ-VAE codebooks have; the prefix decides which code has which rank. */
function skewedCode(random: Random, prefix: number): number {
  const rank = Math.floor(WIDTH * random.next() ** 1.3);
  return (rank * 181 + Math.imul(prefix, 0x9e3779b1)) & (WIDTH - 1);
}

function distinctRows(items: number, draw: () => number[]): TrieRows {
  const taken = new Set<number>();
  const codes = new Int32Array(items * DEPTH);
  while (taken.size < items) {
    const id = draw();
    const key = keyOf(id);
    if (taken.has(key)) continue;
    codes.set(id, taken.size * DEPTH);
    taken.add(key);
  }
  return { depth: DEPTH, width: WIDTH, itemIds: Int32Array.from({ length: items }, (_, row) => row), codes };
}

/** Four codes below 256 as one number: below 2³². */
function keyOf(codes: readonly number[]): number {
  return codes.reduce((key, code) => key * WIDTH + code, 0);
}
