/** All nodes of a trie, for tests that compare whole tries. */
import type { TrieNode } from '../../models/decoding/branch';
import { childrenOf, type TrieView } from '../../models/decoding/trie-view';

/** Every node but the root with its prefix; parents before children, siblings by ascending code. */
export function* nodesOf(
  view: TrieView,
  parent = view.root(),
  prefix: readonly number[] = [],
): Generator<{ codes: readonly number[]; node: TrieNode }> {
  if (parent.numCodes === view.idLength) return;
  for (const { code, node } of childrenOf(view, parent)) {
    const codes = [...prefix, code];
    yield { codes, node };
    yield* nodesOf(view, node, codes);
  }
}
