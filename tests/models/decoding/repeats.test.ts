import fc from 'fast-check';

import { repeatProbabilities } from '../../../models/decoding/repeats';

const LIVE = new Float32Array(5).fill(1);

describe('repeatProbabilities', () => {
  it('is the share of each item, the newest counting most', () => {
    // Weights .25, .5 and 1, of which item 3 has the first and the last.
    expect(Object.fromEntries(repeatProbabilities([3, 1, 3], 0.5, LIVE))).toEqual({ 1: 0.5 / 1.75, 3: 1.25 / 1.75 });
  });

  it('counts without an order when nothing decays', () => {
    expect(Object.fromEntries(repeatProbabilities([0, 1, 1, 0, 1], 1, LIVE))).toEqual({ 0: 0.4, 1: 0.6 });
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
