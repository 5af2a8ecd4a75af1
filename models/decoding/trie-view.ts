/** A trie as a search reads it, whole or restricted. */
import type { TrieNode } from './branch';

export interface TrieView {
  /** Codes of an ID, collision token included. */
  readonly idLength: number;
  /** Codes per level, K: every code is in `0 … K-1`. */
  readonly codebookSize: number;
  root(): TrieNode;
  /** Writes the codes that may follow, ascending, to the front of `out` (at least K long); returns how many. */
  childCodes(node: TrieNode, out: Int32Array): number;
  /** The node after one more code; null when no ID continues with it. */
  child(node: TrieNode, code: number): TrieNode | null;
  /** How many items are under the node. */
  count(node: TrieNode): number;
  /** The item that a whole ID names. */
  item(leaf: TrieNode): number;
}

/** The nodes after one more code, by ascending code. */
export function childrenOf(view: TrieView, node: TrieNode): { code: number; node: TrieNode }[] {
  const codes = new Int32Array(view.codebookSize);
  const found: { code: number; node: TrieNode }[] = [];
  const n = view.childCodes(node, codes);
  for (let i = 0; i < n; i++) {
    const child = view.child(node, codes[i]);
    if (child !== null) found.push({ code: codes[i], node: child });
  }
  return found;
}

/** The node of a prefix; null when no ID begins with it. The empty prefix is the root. */
export function findPrefix(view: TrieView, prefix: ArrayLike<number>): TrieNode | null {
  if (prefix.length > view.idLength) return null;
  let node: TrieNode | null = view.root();
  for (let level = 0; level < prefix.length && node !== null; level++) node = view.child(node, prefix[level]);
  return node;
}
