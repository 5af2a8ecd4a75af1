import { Trie } from '../../../models/decoding/trie';
import { childrenOf, findPrefix } from '../../../models/decoding/trie-view';

/** IDs 0.0, 0.2 and 1.1. Behind the codes of a row lie those of the next. */
const smallTrie = () =>
  Trie.build({
    idLength: 2,
    codebookSize: 3,
    itemIds: Int32Array.of(7, 8, 9),
    codes: Int32Array.of(0, 0, 0, 2, 1, 1),
  });

describe('childrenOf', () => {
  it('lists the next codes with their nodes, by ascending code', () => {
    const trie = smallTrie();
    const children = childrenOf(trie, trie.root());
    expect(children.map(({ code, node }) => [code, trie.count(node)])).toEqual([
      [0, 2],
      [1, 1],
    ]);
    expect(childrenOf(trie, children[0].node).map(({ code, node }) => [code, trie.item(node)])).toEqual([
      [0, 7],
      [2, 8],
    ]);
  });
});

describe('findPrefix', () => {
  it('finds the root for no codes, and nothing where no ID begins so', () => {
    const trie = smallTrie();
    expect(findPrefix(trie, [])).toEqual(trie.root());
    expect(trie.item(findPrefix(trie, [0, 2])!)).toBe(8);
    expect(findPrefix(trie, [2])).toBeNull();
    expect(findPrefix(trie, [2, 0])).toBeNull();
    expect(findPrefix(trie, [1, 0])).toBeNull();
  });
});
