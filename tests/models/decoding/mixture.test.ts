import fc from 'fast-check';

import { alone, decoderAlone, mix, mixtureOf, PARTS, type Part } from '../../../models/decoding/mixture';
import { createRandom } from '../../../models/math/random';
import { candidatesOf, listWeights, type Said } from '../../support/candidates';

/** The decoder found items 1 and 2, the item head has 3 first, and the neighbours alone know 4. */
const SAID: Said = {
  decoder: { 1: 0.5, 2: 0.25 },
  itemHead: { 1: 0.01, 2: 0.3, 3: 0.4 },
  neighbours: { 3: 0.2, 4: 0.8 },
};
const WEIGHTS = listWeights({ decoder: 0.4, itemHead: 0.4, neighbours: 0.2 });
/** Sums of 1, as they are when each part has its whole probability. */
const CANDIDATES = { ...candidatesOf(SAID), sums: { decoder: 1, itemHead: 1, neighbours: 1 } };

describe('mix', () => {
  it('mixes the probabilities, and tells which gave most', () => {
    const list = mix(CANDIDATES, WEIGHTS, 10);
    // 1: .4 · .5 + .4 · .01; 2: .4 · .25 + .4 · .3; 3: .4 · .4 + .2 · .2; 4: .2 · .8
    expect(list.map(({ itemId, score, source }) => [itemId, Math.exp(score), source])).toEqual([
      [2, expect.closeTo(0.22, 12), 'ITEM_HEAD'],
      [1, expect.closeTo(0.204, 12), 'GENERATED'],
      [3, expect.closeTo(0.2, 12), 'ITEM_HEAD'],
      [4, expect.closeTo(0.16, 12), 'EVIDENCE'],
    ]);
    const written = { decoderScore: Math.log(0.5), codes: [1, 0], logProbabilities: [Math.log(0.5), 0] };
    expect(list[1]).toMatchObject({ ...written, itemHeadScore: Math.log(0.01) });
    const notWritten = { decoderScore: null, codes: [], logProbabilities: [] };
    expect(list[2]).toMatchObject({ ...notWritten, itemHeadScore: Math.log(0.4) });
    expect(list[3]).toMatchObject({ ...notWritten, itemHeadScore: null });
  });

  it('raises each item by its text, and divides by the sum over all items', () => {
    // Factors e and 1/e: 1 has .2 · e = .54, and 2 has .8 / e = .29.
    const texts = candidatesOf({ itemHead: { 1: 0.2, 2: 0.8 } }, { 1: 0.5, 2: -0.5 }, 2);
    const list = mix(texts, listWeights({ itemHead: 1 }, 2), 10);
    const [first, second] = [0.2 * Math.E, 0.8 / Math.E];
    expect(list.map(({ itemId, score }) => [itemId, Math.exp(score)])).toEqual([
      [1, expect.closeTo(first / (first + second), 12)],
      [2, expect.closeTo(second / (first + second), 12)],
    ]);
  });

  it('names the decoder when both heads give the same, and lists no item that no part with a share knows', () => {
    const list = mix(candidatesOf({ decoder: { 1: 0.5 }, itemHead: { 1: 0.5 }, repeats: { 7: 1 } }), listWeights({ decoder: 0.5, itemHead: 0.5 }), 10); // prettier-ignore
    expect(list.map(({ itemId, source }) => [itemId, source])).toEqual([[1, 'GENERATED']]);
  });

  it('ranks by boosted values, lists pinned items after the others, and changes no score', () => {
    const boosts = [{ mask: { has: (itemId: number) => itemId === 3 }, factor: 1.5 }];
    const list = mix(CANDIDATES, WEIGHTS, 2, { boosts, pinned: [4, 3, 9] });
    // 3 counts .2 · 1.5; 9 is nobody's candidate.
    expect(list.map(({ itemId, score }) => [itemId, Math.exp(score)])).toEqual([
      [3, expect.closeTo(0.2, 12)],
      [2, expect.closeTo(0.22, 12)],
      [4, expect.closeTo(0.16, 12)],
    ]);
  });

  const NUM_ITEMS = 6;
  const ITEMS = Array.from({ length: NUM_ITEMS }, (_, item) => item);
  const weight = fc.double({ min: 1e-6, max: 1, noNaN: true });
  const distribution = fc.array(weight, { minLength: NUM_ITEMS, maxLength: NUM_ITEMS }).map(normalised);
  const everyPart = fc.record(
    Object.fromEntries(PARTS.map((part) => [part, distribution])) as Record<Part, typeof distribution>,
  );
  const shares = fc.array(weight, { minLength: PARTS.length, maxLength: PARTS.length }).map(normalised);
  const cosines = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: NUM_ITEMS, maxLength: NUM_ITEMS });

  it('is the plain sum over all items, whose probabilities sum to 1, and a filter changes none', () => {
    fc.assert(
      fc.property(
        everyPart,
        shares,
        cosines,
        fc.double({ min: 0, max: 8, noNaN: true }),
        (said, shares, cosines, textWeight) => {
          const plain = ITEMS.map((item) => Math.exp(textWeight * cosines[item]) * PARTS.reduce((sum, part, i) => sum + shares[i] * said[part][item], 0)); // prettier-ignore
          const total = plain.reduce((a, b) => a + b);
          const all = candidatesOf(said, cosines, textWeight);
          const weights = listWeights(Object.fromEntries(PARTS.map((part, i) => [part, shares[i]])), textWeight);
          const list = mix(all, weights, NUM_ITEMS);
          expect(list).toHaveLength(NUM_ITEMS);
          for (const { itemId, score } of list) expect(Math.exp(score)).toBeCloseTo(plain[itemId] / total, 9);
          expect(list.map(({ score }) => score)).toEqual(list.map(({ score }) => score).sort((a, b) => b - a));
          expect(list.reduce((sum, { score }) => sum + Math.exp(score), 0)).toBeCloseTo(1, 9);
          expect(mix(only(all, 2), weights, NUM_ITEMS)).toEqual(list.filter(({ itemId }) => itemId < 2));
        },
      ),
    );
  });
});

describe('mixtureOf', () => {
  it('passes over a part that the model has not, and the texts where there are none', () => {
    expect([...mixtureOf(candidatesOf({ decoder: { 1: 0.5 } }), listWeights({ decoder: 0.5, popularity: 0.5 }, 3))]).toEqual([0.25]); // prettier-ignore
  });
});

describe('decoderAlone', () => {
  it('has what was found in its order, which may be drawn, with the scores of both heads', () => {
    const drawn = { ...CANDIDATES, found: CANDIDATES.found.toReversed() };
    const list = decoderAlone(drawn, 10);
    expect(list.map(({ itemId, score, source }) => [itemId, score, source])).toEqual([
      [2, Math.log(0.25), 'GENERATED'],
      [1, Math.log(0.5), 'GENERATED'],
    ]);
    expect(list[0]).toMatchObject({ decoderScore: Math.log(0.25), itemHeadScore: Math.log(0.3), codes: [2, 0] });
    expect(decoderAlone(drawn, 1).map(({ itemId }) => itemId)).toEqual([2]);
  });

  it('draws a boosted item as often as if it were so many times as likely, and keeps its score', () => {
    // Items 1 and 2 have 1/2 and 1/4: boosted by 6, item 2 is three times as likely as item 1.
    const random = createRandom(3);
    const gumbel = () => -Math.log(-Math.log(random.next()));
    const boosts = [{ mask: new Set([2]), factor: 6 }];
    const firsts = Array.from({ length: 4_000 }, () => {
      const found = CANDIDATES.found.map((one) => ({ ...one, priority: one.score + gumbel() }));
      return decoderAlone({ ...CANDIDATES, found }, 1, boosts)[0];
    });
    const boosted = firsts.filter(({ itemId }) => itemId === 2);
    expect(Math.abs(boosted.length / firsts.length - 3 / 4)).toBeLessThan(4 * Math.sqrt(3 / 16 / firsts.length));
    expect(boosted[0].score).toBe(Math.log(0.25));
  });
});

describe('alone', () => {
  it('gives one part all', () => {
    expect(alone('repeats')).toEqual(listWeights({ repeats: 1 }));
  });
});

function normalised(weights: readonly number[]): number[] {
  const total = weights.reduce((a, b) => a + b);
  return weights.map((one) => one / total);
}

/** @returns The first candidates alone, with the sums over all. */
function only(all: ReturnType<typeof candidatesOf>, count: number): ReturnType<typeof candidatesOf> {
  const { itemIds, probabilities, cosines } = all;
  return {
    ...all,
    itemIds: itemIds.subarray(0, count),
    probabilities: Object.fromEntries(Object.entries(probabilities).map(([part, of]) => [part, of.subarray(0, count)])),
    cosines: cosines!.subarray(0, count),
  };
}
