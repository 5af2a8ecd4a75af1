import fc from 'fast-check';

import { MAX_HISTORY } from '../../../models/config';
import { mixProbabilities, neighbourProbabilities, repeatProbabilities } from '../../../models/decoding/evidence';

/** 0 → 1 (weight 3) and 2 (1); 1 → 2 (1). */
const TABLE = { offsets: Int32Array.of(0, 2, 3, 3), items: Int32Array.of(1, 2, 2), weights: Float32Array.of(3, 1, 1) };
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe('neighbourProbabilities', () => {
  it('adds up the neighbours of the history, whose older items count less', () => {
    const probabilities = neighbourProbabilities(TABLE, [0, 1], 0.5);
    expect(Object.fromEntries(probabilities)).toEqual({ 1: 1.5 / 3, 2: (0.5 + 1) / 3 });
  });

  it('counts a whole history alike with a decay of 1', () => {
    const orders = [[0, 1], [1, 0]].map((history) => Object.fromEntries(neighbourProbabilities(TABLE, history, 1))); // prettier-ignore
    expect(orders[0]).toEqual(orders[1]);
  });

  it('shares out the probability among live items alone', () => {
    expect(Object.fromEntries(neighbourProbabilities(TABLE, [0, 1], 0.5, Float32Array.of(1, 0, 1)))).toEqual({ 2: 1 });
    expect(neighbourProbabilities(TABLE, [0], 1, new Float32Array(3)).size).toBe(0);
  });

  it('reads no more of a history than serving does', () => {
    const long = [0, ...Array<number>(MAX_HISTORY).fill(2)];
    expect(neighbourProbabilities(TABLE, long, 1).size).toBe(0);
    expect(neighbourProbabilities(TABLE, long.slice(0, -1), 1).size).toBe(2);
  });

  it('passes over items outside the table, and says nothing without neighbours', () => {
    expect(neighbourProbabilities(TABLE, [-1, 1, 7], 1).get(2)).toBe(1);
    expect(neighbourProbabilities(TABLE, [2], 1).size).toBe(0);
  });
});

describe('mixProbabilities', () => {
  const logits = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 3, maxLength: 3 });

  it('gives the mixture of both probabilities, which adds up to 1', () => {
    fc.assert(
      fc.property(logits, fc.double({ min: 0, max: 0.95, noNaN: true }), (values, share) => {
        const own = { logits: Float32Array.from(values), norm: Math.log(sum(values.map(Math.fround).map(Math.exp))) };
        const probabilities = neighbourProbabilities(TABLE, [0], 1);
        const mixed = mixProbabilities(own, probabilities, share);
        const result = Array.from(mixed.logits, (logit) => Math.exp(logit - mixed.norm));
        result.forEach((probability, item) => {
          const alone = Math.exp(own.logits[item] - own.norm);
          expect(probability).toBeCloseTo((1 - share) * alone + share * (probabilities.get(item) ?? 0), 4);
        });
        expect(sum(result)).toBeCloseTo(1, 4);
      }),
    );
  });

  it('leaves the scores as they are without neighbours', () => {
    const own = { logits: Float32Array.of(1, 2, 3), norm: 4 };
    expect(mixProbabilities(own, new Map(), 0.5)).toBe(own);
  });
});

const LIVE = new Float32Array(5).fill(1);

describe('repeatProbabilities', () => {
  it('is the share of each item, the newest counting most', () => {
    // Weights .25, .5 and 1, of which item 3 has the first and the last.
    expect(Object.fromEntries(repeatProbabilities([3, 1, 3], 0.5, LIVE))).toEqual({ 1: 0.5 / 1.75, 3: 1.25 / 1.75 });
  });

  it('passes over items that may not be next or are unknown, and says nothing where no other is left', () => {
    const live = Float32Array.of(0, 1, 1, 1, 1);
    expect(Object.fromEntries(repeatProbabilities([-1, 0, 2], 0.5, live))).toEqual({ 2: 1 });
    expect(repeatProbabilities([-1, 0], 0.5, live).size).toBe(0);
    expect(repeatProbabilities([], 0.5, live).size).toBe(0);
  });

  it('sums to 1 over live items of the history alone', () => {
    const history = fc.array(fc.integer({ min: -1, max: 4 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(history, fc.double({ min: 0.5, max: 1, noNaN: true }), (items, decay) => {
        const found = repeatProbabilities(items, decay, LIVE);
        expect([...found.keys()].every((item) => items.includes(item))).toBe(true);
        const sum = [...found.values()].reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(items.some((item) => item >= 0) ? 1 : 0, 9);
      }),
    );
  });
});
