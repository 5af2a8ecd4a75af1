import fc from 'fast-check';

import { AllowMask } from '../../../models/decoding/restricted-trie';
import { Trie } from '../../../models/decoding/trie';

describe('AllowMask', () => {
  it('has the items that it was made of, and no other', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 130 })), (itemIds) => {
        const mask = new AllowMask(Int32Array.from(itemIds));
        const found = Array.from({ length: 200 }, (_, itemId) => itemId).filter((itemId) => mask.has(itemId));
        expect(found).toEqual([...new Set(itemIds)].sort((a, b) => a - b));
      }),
    );
  });
});

describe('RestrictedTrie', () => {
  // 10: 0.0.0, 11: 0.1.0, 12: 0.1.2, 13: 2.2.2
  const wholeTrie = () =>
    Trie.build({
      idLength: 3,
      codebookSize: 3,
      itemIds: Int32Array.of(10, 11, 12, 13),
      codes: Int32Array.of(0, 0, 0, 0, 1, 0, 0, 1, 2, 2, 2, 2),
    });
  const deny = (...pairs: [itemId: number, codes: number[]][]) => ({
    itemIds: Int32Array.from(pairs, ([itemId]) => itemId),
    codes: Int32Array.from(pairs.flatMap(([, codes]) => codes)),
  });

  it('has the ID length and the codebook size of the whole, and names the items that are left', () => {
    const view = wholeTrie().restrict({ allow: new AllowMask(Int32Array.of(12)) });
    expect([view.idLength, view.codebookSize]).toEqual([3, 3]);
    const leaf = view.child(view.child(view.child(view.root(), 0)!, 1)!, 2)!;
    expect(view.item(leaf)).toBe(12);
  });

  it('takes an item that is denied twice away once', () => {
    const view = wholeTrie().restrict({ deny: deny([11, [0, 1, 0]], [11, [0, 1, 0]]) });
    expect(view.count(view.root())).toBe(3);
    expect(view.count(view.child(view.root(), 0)!)).toBe(2);
  });

  it('takes away only what was there: neither an item that is not allowed, nor one under an ID that nothing has', () => {
    const allow = new AllowMask(Int32Array.of(10, 11, 77));
    const view = wholeTrie().restrict({ allow, deny: deny([12, [0, 1, 2]], [77, [1, 1, 1]]) });
    expect(view.count(view.root())).toBe(2);
    expect(view.count(view.child(view.root(), 0)!)).toBe(2);
  });
});
