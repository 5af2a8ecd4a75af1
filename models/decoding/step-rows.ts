/** Which rows the model scores at a step of the search: none whose answer is known. */
import type { TrieNode } from './branch';
import type { Trie } from './trie';

/** A user's rows lie together, equally many a user. */
export interface StepRows {
  readonly tokens: Int32Array;
  readonly parents: Int32Array;
}

/** What a row is made from. */
export interface LivePrefix {
  readonly node: TrieNode;
  readonly codes: readonly number[];
  /** The row of the step before that scored its last code. */
  readonly row: number;
}

/** One row a user, which has no code yet. */
export function firstRows(numUsers: number): StepRows {
  return { tokens: new Int32Array(0), parents: Int32Array.from({ length: numUsers }, (_, u) => u) };
}

/**
 * Rows for prefixes that were all made at the level before.
 *
 * Every user has the same number, which the model scores as one block: the first is repeated where the beam is shorter.
 *
 * @param numRows - Rows a user; at least as many as the longest beam has prefixes.
 */
export function nextRows(beams: readonly LivePrefix[][], numRows: number): StepRows {
  const tokens = new Int32Array(beams.length * numRows);
  const parents = new Int32Array(beams.length * numRows);
  beams.forEach((beam, u) => {
    for (let r = 0; r < numRows; r++) {
      const prefix = beam[r] ?? beam[0];
      tokens[u * numRows + r] = prefix?.codes.at(-1) ?? 0;
      parents[u * numRows + r] = prefix?.row ?? 0;
    }
  });
  return { tokens, parents };
}

/**
 * Whether only one code can follow, and it is the last.
 *
 * Earlier codes are scored even where they are certain: so a search takes as long in a small catalogue as in a large one.
 */
export function isCertain(full: Trie, { node }: LivePrefix): boolean {
  return node.depth === full.depth - 1 && full.count(node) === 1;
}
