import fc from 'fast-check';
import { bootstrapMean, coverage, hitRank, rankingMetrics } from '../../../models/training/metrics';

const value = (ranks: number[], name: string) => rankingMetrics(ranks, 1).find((metric) => metric.name === name)?.value;

describe('hitRank', () => {
  it('counts from 1, and is 0 for a miss', () => {
    expect(hitRank([5, 6, 7], [6])).toBe(2);
    expect(hitRank([5, 6, 7], [8])).toBe(0);
  });

  it('takes the best-placed of several targets', () => {
    expect(hitRank([5, 6, 7], [7, 6])).toBe(2);
  });
});

describe('rankingMetrics', () => {
  // Ranks 1, 3, 8 and a miss. recall@5 = 2/4; ndcg@5 = (1 + 1/log2(4)) / 4 = 0.375; mrr = (1 + 1/3 + 1/8) / 4 = 0.3646.
  const ranks = [1, 3, 8, 0];

  it.each([
    ['recall@5', 0.5],
    ['recall@10', 0.75],
    ['ndcg@5', 0.375],
    ['mrr', 0.36458],
  ])('computes %s as by hand', (name, expected) => {
    expect(value(ranks, name)).toBeCloseTo(expected, 4);
  });

  it('stays between 0 and 1, and grows with the cutoff', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 40 }), (some) => {
        const [at5, at10, at20] = ['ndcg@5', 'ndcg@10', 'ndcg@20'].map((name) => value(some, name) ?? NaN);
        return at5 >= 0 && at5 <= at10 && at10 <= at20 && at20 <= 1;
      }),
      { numRuns: 30 },
    );
  });
});

describe('bootstrapMean', () => {
  it('brackets the mean and narrows with more users', () => {
    const sample = (n: number) =>
      bootstrapMean(
        Float64Array.from({ length: n }, (_, i) => i % 2),
        3,
      );
    const [few, many] = [sample(20), sample(2000)];
    expect(few.low).toBeLessThanOrEqual(few.value);
    expect(few.high).toBeGreaterThanOrEqual(few.value);
    expect(many.high - many.low).toBeLessThan(few.high - few.low);
    // The normal approximation for 2,000 fair coins: ± 1.96 · √(0.25/2000) = ± 0.0219.
    expect(many.high - many.low).toBeCloseTo(0.0438, 2);
  });

  it('is the same for the same seed', () => {
    expect(bootstrapMean(Float64Array.of(1, 0, 0, 1), 9)).toEqual(bootstrapMean(Float64Array.of(1, 0, 0, 1), 9));
  });
});

describe('coverage', () => {
  it('counts distinct items in the first k', () => {
    expect(
      coverage(
        [
          [1, 2, 3],
          [2, 1, 4],
        ],
        10,
        2,
      ),
    ).toBe(0.2);
  });
});
