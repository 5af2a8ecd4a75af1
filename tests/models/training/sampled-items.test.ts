import fc from 'fast-check';

import { createRandom } from '../../../models/math/random';
import { SampledItems } from '../../../models/training/sampled-items';

const tensor = (data: ArrayLike<number>) => ({ shape: [data.length], data: Int32Array.from(data) });

/** Counts as of a shop in which few items are popular. */
const countsOf = (numItems: number) => Float64Array.from({ length: numItems }, (_, i) => Math.floor(1000 / (1 + i)));

describe('SampledItems', () => {
  const rowsOf = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 60 });

  it('has every item of the batch once and for itself alone, at the place that the inputs name', () => {
    const sampled = new SampledItems(countsOf(500), 200, 70);
    fc.assert(
      fc.property(rowsOf, rowsOf, fc.integer(), (items, targets, seed) => {
        const weights = tensor([1]);
        const drawn = sampled.draw({ items: tensor(items), targetItems: tensor(targets), weights }, createRandom(seed));
        const { rows, inputs, softmaxWeights } = drawn;
        expect(rows[0]).toBe(0);
        expect(new Set(rows).size).toBe(rows.length);
        expect(Array.from(inputs.items.data, (place) => rows[place])).toEqual(items);
        expect(Array.from(inputs.targetItems.data, (place) => rows[place])).toEqual(targets);
        expect(inputs.weights).toBe(weights);
        const ofBatch = new Set([...items, ...targets].filter((row) => row > 0));
        rows.forEach((row, place) => {
          if (place > 0 && ofBatch.has(row)) expect(softmaxWeights.data[place - 1]).toBe(0);
        });
        expect(softmaxWeights.shape).toEqual([199]);
        expect(softmaxWeights.data.subarray(rows.length - 1).every((weight) => weight < -1e8)).toBe(true);
      }),
    );
  });

  /** Σ over the catalogue of exp(logit), of the sample's rows raised by their weights. */
  const estimates = (draws: number, times: number) => {
    const random = createRandom(9);
    const logits = Float64Array.from({ length: 500 }, (_, i) => 3 * random.normal() - Math.log(1 + i) / 2);
    const whole = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const sampled = new SampledItems(countsOf(500), 1 + 60 + draws, draws);
    const shares = Array.from({ length: times }, (_, seed) => {
      const { rows, softmaxWeights } = sampled.draw(
        { items: tensor([7]), targetItems: tensor([3]) },
        createRandom(seed),
      );
      return rows.reduce(
        (sum, row, i) => (i === 0 ? 0 : sum + Math.exp(logits[row - 1] + softmaxWeights.data[i - 1])),
        0,
      );
    }).map((sum) => sum / whole);
    const mean = shares.reduce((sum, share) => sum + share, 0) / times;
    return { mean, deviation: Math.sqrt(shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / times) };
  };

  it('estimates the sum of the whole softmax without bias, and better with more draws', () => {
    const [few, more] = [estimates(20, 4000), estimates(200, 4000)];
    for (const { mean, deviation } of [few, more])
      expect(Math.abs(mean - 1)).toBeLessThan((4 * deviation) / Math.sqrt(4000));
    expect(more.deviation).toBeLessThan(few.deviation / 3);
  });
});
