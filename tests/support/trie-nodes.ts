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

/** Every ID with its item, by ascending codes. */
export function* idsOf(view: TrieView): Generator<{ itemId: number; codes: readonly number[] }> {
  for (const { codes, node } of nodesOf(view))
    if (codes.length === view.idLength) yield { itemId: view.item(node), codes };
}

/** All IDs as one text, a line each: `CODE.CODE….CODE:ITEM`. It is equal for tries with the same items and IDs. */
export function printedIds(view: TrieView): string {
  return Array.from(idsOf(view), ({ itemId, codes }) => `${codes.join('.')}:${itemId}`).join('\n');
}
