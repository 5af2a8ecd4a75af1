/** Generated catalogues. Their semantic IDs have the sizes and the distribution of real ones. */
import { type PresetName, presetConfig } from '../models/config';
import type { TrieRows } from '../models/decoding/trie';
import { createRandom, type Random } from '../models/math/random';
import { Rows } from '../models/math/rows';

/** Levels of an ID, the collision token included. */
export const NUM_LEVELS = 4;
const SEED = 1;

/** @returns Codes per level of the preset. */
function codesPerLevel(preset: PresetName): number {
  return presetConfig(preset).tokenizer.codebookSize;
}

/** Distinct IDs with four uniform codes, as in `random_catalogue` of the PyTorch peer. */
export function uniformRows(items: number, preset: PresetName): TrieRows {
  const random = createRandom(SEED);
  const codebookSize = codesPerLevel(preset);
  return distinctRows(items, codebookSize, () => Array.from({ length: NUM_LEVELS }, () => random.int(codebookSize)));
}

/**
 * Distinct IDs as a trained tokenizer makes them. Some codes are far more frequent than others, and which ones depends on the codes
 * before them. The last code counts the items that share the first three.
 */
export function clusteredRows(items: number, preset: PresetName): TrieRows {
  const random = createRandom(SEED);
  const codebookSize = codesPerLevel(preset);
  const used = new Map<number, number>();
  return distinctRows(items, codebookSize, () => {
    const codes: number[] = [];
    for (let prefix = 0; codes.length < NUM_LEVELS - 1; prefix = prefix * codebookSize + codes[codes.length - 1] + 1)
      codes.push(skewedCode(random, prefix, codebookSize));
    const key = keyOf(codes, codebookSize);
    const token = used.get(key) ?? 0;
    used.set(key, token + 1);
    // When a group is full, the remainder gives an ID that is taken already, and the caller draws again.
    return [...codes, token % codebookSize];
  });
}

/** @returns The codes of one row. */
export function codesOf({ codes, idLength }: TrieRows, row: number): number[] {
  return Array.from(new Rows(codes, idLength).row(row));
}

/** @returns For each user `length` rows, drawn from the catalogue. */
export function randomRows(rows: TrieRows, users: number, length: number, seed = 2): number[][] {
  const random = createRandom(seed);
  return Array.from({ length: users }, () => Array.from({ length }, () => random.int(rows.itemIds.length)));
}

/**
 * u^1.3 makes high ranks rarer: the perplexity is about 240 of 256, as in RQ-VAE codebooks. The prefix decides which code has
 * which rank.
 *
 * @param codebookSize - A power of two.
 */
function skewedCode(random: Random, prefix: number, codebookSize: number): number {
  const rank = Math.floor(codebookSize * random.next() ** 1.3);
  return (rank * 181 + Math.imul(prefix, 0x9e3779b1)) & (codebookSize - 1);
}

function distinctRows(items: number, codebookSize: number, draw: () => number[]): TrieRows {
  const taken = new Set<number>();
  const codes = new Rows(new Int32Array(items * NUM_LEVELS), NUM_LEVELS);
  while (taken.size < items) {
    const id = draw();
    const key = keyOf(id, codebookSize);
    if (taken.has(key)) continue;
    codes.set(taken.size, id);
    taken.add(key);
  }
  return {
    idLength: NUM_LEVELS,
    codebookSize,
    itemIds: Int32Array.from({ length: items }, (_, row) => row),
    codes: codes.values,
  };
}

/** @returns Four codes as one number, which is exact for up to 8,192 codes per level. */
function keyOf(codes: readonly number[], codebookSize: number): number {
  return codes.reduce((key, code) => key * codebookSize + code, 0);
}
