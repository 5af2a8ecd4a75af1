import fc from 'fast-check';

import { createRandom } from '../../../models/math/random';
import { SAMPLE_SIZE, softmaxSample } from '../../../models/training/softmax-sample';

const MANY = 40_000;

describe('softmaxSample', () => {
  it('is empty where the catalogue is not large', () => {
    expect(softmaxSample([1, 2, 3], 30_000, createRandom(1))).toEqual({});
  });

  it('has every target once and for itself alone, and stands for each item of the catalogue once', () => {
    const targets = fc.array(fc.integer({ min: 0, max: MANY }), { maxLength: 600 });
    fc.assert(
      fc.property(targets, fc.integer(), (targetItems, seed) => {
        const { softmaxItems, softmaxWeights } = softmaxSample(targetItems, MANY, createRandom(seed));
        const items = Array.from(softmaxItems.data);
        const weights = Array.from(softmaxWeights.data, Math.exp);
        expect([items.length, new Set(items).size]).toEqual([SAMPLE_SIZE, SAMPLE_SIZE]);
        expect(items.every((item) => item >= 1 && item <= MANY)).toBe(true);
        const wanted = new Set(targetItems.filter((item) => item > 0));
        expect(new Set(items.slice(0, wanted.size))).toEqual(wanted);
        expect(weights.slice(0, wanted.size).every((weight) => weight === 1)).toBe(true);
        expect(weights.reduce((sum, weight) => sum + weight, 0) / MANY).toBeCloseTo(1, 4);
      }),
      { numRuns: 20 },
    );
  });

  it('is the same for the same step, and another one for the next', () => {
    const at = (step: number) => softmaxSample([7], MANY, createRandom(3, step));
    expect(at(1)).toEqual(at(1));
    expect(at(2).softmaxItems).not.toEqual(at(1).softmaxItems);
  });
});
