import fc from 'fast-check';

import { rankItems } from '../../../models/decoding/item-ranking';

const ITEM_IDS = Int32Array.of(11, 12, 13, 14, 15);
const LOGITS = Float32Array.of(0.5, 2, -1, 2, 1);
const all = () => true;

describe('rankItems', () => {
  it('gives the ids of the best logits, best first, and of equal ones the lower row first', () => {
    expect(rankItems(LOGITS, ITEM_IDS, all, 3)).toEqual([12, 14, 15]);
    expect(rankItems(Float32Array.of(1, 1, 1), Int32Array.of(7, 5, 6), all, 2)).toEqual([7, 5]);
  });

  it('fills the list past items that do not qualify', () => {
    expect(rankItems(LOGITS, ITEM_IDS, (itemId) => itemId % 2 === 1, 3)).toEqual([15, 11, 13]);
  });

  it('gives fewer items when fewer qualify, and none for a length of 0', () => {
    expect(rankItems(LOGITS, ITEM_IDS, all, 9)).toEqual([12, 14, 15, 11, 13]);
    expect(rankItems(LOGITS, ITEM_IDS, () => false, 3)).toEqual([]);
    expect(rankItems(LOGITS, ITEM_IDS, all, 0)).toEqual([]);
    expect(rankItems(new Float32Array(), new Int32Array(), all, 3)).toEqual([]);
  });

  it('asks only about items that would enter the list', () => {
    const asked: number[] = [];
    const qualifies = (itemId: number) => asked.push(itemId) > 0;
    rankItems(Float32Array.of(3, 1, 2, 3, 4), ITEM_IDS, qualifies, 1);
    // 12 and 13 score less than 11, and 14 scores the same.
    expect(asked).toEqual([11, 15]);
  });

  it('agrees with sorting all qualifying items', () => {
    const logit = fc.integer({ min: -3, max: 3 }); // few values, so that many are equal
    fc.assert(
      fc.property(fc.array(fc.tuple(logit, fc.boolean()), { maxLength: 30 }), fc.nat(35), (rows, k) => {
        const logits = Float32Array.from(rows, ([value]) => value);
        const itemIds = Int32Array.from(rows, (_, row) => 100 - row);
        const qualifies = (itemId: number) => rows[100 - itemId][1];
        const sorted = [...rows.keys()].filter((row) => rows[row][1]).sort((a, b) => logits[b] - logits[a]);
        expect(rankItems(logits, itemIds, qualifies, k)).toEqual(sorted.slice(0, k).map((row) => 100 - row));
      }),
    );
  });
});
