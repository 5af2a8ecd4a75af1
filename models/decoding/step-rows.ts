/** Chooses the rows that the model scores at a step of the search: those whose next code is not certain. */
import type { TrieNode } from './branch';
import type { Trie } from './trie';

/** Prefixes to extend. The rows of a user are together, and each user has equally many. */
export interface StepRows {
  /** The code that each row has written last; int32 `[rows]`. Empty at level 0. */
  readonly codes: Int32Array;
  /** The row of the step before that each row continues; int32 `[rows]`. At level 0 the user of the row. */
  readonly parents: Int32Array;
}

/** The prefix that a row extends. */
export interface LivePrefix {
  readonly node: TrieNode;
  readonly codes: readonly number[];
  /** The row of the step before that scored its last code. */
  readonly row: number;
}

/** @returns One row per user, without a code. */
export function firstRows(numUsers: number): StepRows {
  return { codes: new Int32Array(0), parents: Int32Array.from({ length: numUsers }, (_, u) => u) };
}

/**
 * Makes rows for prefixes that were found at the level before.
 *
 * Each user has the same number, which the model scores as one block; a shorter beam repeats its first prefix.
 *
 * @param numRows - Rows per user; at least as many as the longest beam has prefixes.
 */
export function nextRows(beams: readonly LivePrefix[][], numRows: number): StepRows {
  const codes = new Int32Array(beams.length * numRows);
  const parents = new Int32Array(beams.length * numRows);
  beams.forEach((beam, u) => {
    for (let r = 0; r < numRows; r++) {
      const prefix = beam[r] ?? beam[0];
      codes[u * numRows + r] = prefix?.codes.at(-1) ?? 0;
      parents[u * numRows + r] = prefix?.row ?? 0;
    }
  });
  return { codes, parents };
}

/** Whether the prefix belongs to one item alone, so that the codes that follow are certain. */
export function isCertain(full: Trie, { node }: LivePrefix): boolean {
  return full.count(node) === 1;
}
