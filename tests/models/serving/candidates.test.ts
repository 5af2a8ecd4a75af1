import fc from 'fast-check';

import { ofAll } from '../../../models/seq2seq/item-scorer';
import { gatherCandidates, type CandidateItems, type PartScores } from '../../../models/serving/candidates';

/** Item row r is item 10 + r; item 99 is not known in training. */
const NUM_ITEMS = 8;
const ITEMS: CandidateItems = {
  itemIds: Int32Array.from({ length: NUM_ITEMS }, (_, row) => 10 + row),
  rowOf: (itemId) => (itemId === 99 ? -1 : itemId - 10),
  qualifies: () => true,
  numLive: NUM_ITEMS + 1,
  byCodes: [],
  wanted: [],
  size: 2,
  textWeight: 0,
};
const foundOf = (itemId: number, p: number) => ({
  itemId,
  score: Math.log(p),
  priority: Math.log(p),
  codes: [],
  logProbabilities: [],
});
const NOTHING: PartScores = {
  found: [],
  items: ofAll({ itemHead: null, texts: null }),
  neighbours: null,
  repeats: null,
  popularity: null,
};

describe('gatherCandidates', () => {
  it('asks every part about the best items of each, and knows nothing of an item that training did not know', () => {
    const logits = Float32Array.of(0, 3, 0, 0, 2, 0, 0, 0);
    const scores: PartScores = {
      ...NOTHING,
      found: [foundOf(99, 0.5), foundOf(11, 0.25)],
      items: ofAll({
        itemHead: { logits, norm: 4, normWithTexts: 4 },
        texts: { cosines: Float32Array.of(0, 0, 0, 0.5, 0, 0, 1, 0), norm: Math.log(9) },
      }),
      repeats: new Map([[7, 1]]),
    };
    const { itemIds, probabilities, cosines, found } = gatherCandidates(scores, ITEMS);
    const of = (values: ArrayLike<number>) => Object.fromEntries(Array.from(itemIds, (id, i) => [id, values[i]]));
    expect(new Set(itemIds)).toEqual(new Set([11, 14, 16, 13, 17, 99]));
    expect(of(probabilities.decoder!)).toEqual({ 11: 0.25, 13: 0, 14: 0, 16: 0, 17: 0, 99: 0.5 });
    const itemHead = of(probabilities.itemHead!);
    expect([itemHead[11], itemHead[14], itemHead[17], itemHead[99]]).toEqual([Math.exp(-1), Math.exp(-2), Math.exp(-4), 0]); // prettier-ignore
    expect(of(probabilities.repeats!)).toEqual({ 11: 0, 13: 0, 14: 0, 16: 0, 17: 1, 99: 0 });
    expect(of(probabilities.uniform!)).toMatchObject({ 11: 1 / 9, 17: 1 / 9, 99: 0 });
    expect(of(cosines!)).toEqual({ 11: 0, 13: 0.5, 14: 0, 16: 1, 17: 0, 99: 0 });
    expect([probabilities.neighbours, probabilities.popularity]).toEqual([undefined, undefined]);
    expect(found).toBe(scores.found);
  });

  it('has the sums of probabilities that the texts raise', () => {
    const cosines = Float32Array.from({ length: NUM_ITEMS }, (_, row) => (row === 3 ? 1 : 0));
    const sums = gatherCandidates(
      {
        ...NOTHING,
        found: [foundOf(13, 0.5), foundOf(99, 0.25)],
        items: ofAll({
          itemHead: { logits: new Float32Array(NUM_ITEMS), norm: 2, normWithTexts: 3 },
          texts: { cosines, norm: 2.5 },
        }),
        neighbours: new Map([[3, 0.2], [4, 0.8]]), // prettier-ignore
      },
      { ...ITEMS, textWeight: 2 },
    ).sums;
    const factor = Math.exp(2);
    expect(sums).toEqual({
      decoder: 1,
      itemHead: expect.closeTo(Math.E, 9),
      neighbours: expect.closeTo(0.2 * factor + 0.8, 9),
      repeats: 0,
      popularity: 0,
      uniform: expect.closeTo(Math.exp(2.5) / 9, 9),
    });
  });

  it('contains the exact best qualifying items of each part, each item once', () => {
    const value = fc.float({ min: Math.fround(0.01), max: 1, noNaN: true }); // as arrays keep them
    const dense = fc.uniqueArray(value, { minLength: NUM_ITEMS, maxLength: NUM_ITEMS });
    const banned = fc.uniqueArray(fc.nat(NUM_ITEMS - 1), { maxLength: 5 });
    fc.assert(
      fc.property(
        dense,
        dense,
        dense,
        banned,
        fc.integer({ min: 1, max: 9 }),
        (logits, cosines, counts, banned, size) => {
          const qualifies = (row: number) => !banned.includes(row);
          const scores = {
            ...NOTHING,
            items: ofAll({
              itemHead: { logits: Float32Array.from(logits), norm: 0, normWithTexts: 0 },
              texts: { cosines: Float32Array.from(cosines), norm: 0 },
            }),
            popularity: new Map(counts.entries()),
          };
          const { itemIds } = gatherCandidates(scores, { ...ITEMS, qualifies, size });
          const best = (values: readonly number[]) =>
          [...values.keys()].filter(qualifies).sort((a, b) => values[b] - values[a]).slice(0, size); // prettier-ignore
          const expected = [logits, cosines, counts].flatMap(best).map((row) => 10 + row);
          expect(new Set(itemIds)).toEqual(new Set(expected));
          expect(itemIds).toHaveLength(new Set(expected).size);
        },
      ),
    );
  });
});
