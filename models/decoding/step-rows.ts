/** Which rows the model scores at a step of the search: none whose answer is known. */
import type { Trie } from './trie';
import type { TrieNode } from './trie-view';

/** A user's rows lie together, equally many a user. */
export interface StepRows {
  readonly tokens: Int32Array;
  readonly parents: Int32Array;
}

/** What a row is made from. */
export interface LivePrefix {
  readonly node: TrieNode;
  readonly codes: readonly number[];
  /** Its place in the beam of the level before. */
  readonly parent: number;
}

/** One row a user, which has no code yet. */
export function firstRows(numUsers: number): StepRows {
  return { tokens: new Int32Array(0), parents: Int32Array.from({ length: numUsers }, (_, u) => u) };
}

/**
 * Rows for prefixes that were all made at the level before.
 *
 * Every user has the same number of rows, which the model scores as one block: the first is repeated where the beam is shorter.
 *
 * @param stride - Rows that a user had at the level before.
 * @param numRows - Rows a user; at least as many as the longest beam has prefixes.
 */
export function nextRows(beams: readonly LivePrefix[][], stride: number, numRows: number): StepRows {
  const tokens = new Int32Array(beams.length * numRows);
  const parents = new Int32Array(beams.length * numRows);
  beams.forEach((beam, u) => {
    for (let r = 0; r < numRows; r++) {
      const prefix = beam[r] ?? beam[0];
      tokens[u * numRows + r] = prefix?.codes.at(-1) ?? 0;
      parents[u * numRows + r] = u * stride + (prefix?.parent ?? 0);
    }
  });
  return { tokens, parents };
}

/** Only the last code can be certain for the model: an earlier one's keys and values are read by the codes after it. */
export function isCertain(full: Trie, { node }: LivePrefix): boolean {
  return node.depth === full.depth - 1 && full.count(node) === 1;
}
