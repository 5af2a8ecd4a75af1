import {
  bootstrapMeans,
  isClearlyBetter,
  rankingDifferences,
  rankingMetrics,
} from '../../../models/evaluation/metrics';

const value = (ranks: number[], name: string) => rankingMetrics(ranks, 1).find((metric) => metric.name === name)?.value;

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
});

describe('rankingDifferences', () => {
  it('is what the figures of the ranks differ by', () => {
    const [ranks, others] = [
      [1, 3, 8, 0],
      [2, 0, 1, 0],
    ];
    for (const { name, value: difference } of rankingDifferences(ranks, others, 1))
      expect(difference).toBeCloseTo(value(ranks, name)! - value(others, name)!, 12);
    expect(rankingDifferences([], [], 1)).toEqual([]);
  });

  it('has an interval of what the same user gains, however much users differ', () => {
    // Half of the users are hopeless. Of each other one the recall is the same, and the rank one better.
    const others = Array.from({ length: 400 }, (_, user) => (user % 2 === 0 ? 0 : 2));
    const ranks = others.map((rank) => Math.max(0, rank - 1));
    const find = (name: string) => rankingDifferences(ranks, others, 1).find((metric) => metric.name === name)!;
    expect(find('recall@10')).toMatchObject({ value: 0, low: 0, high: 0 });
    const gain = find('ndcg@10');
    const alone = rankingMetrics(ranks, 1).find(({ name }) => name === 'ndcg@10')!;
    expect(gain.low).toBeGreaterThan(0);
    expect(gain.high! - gain.low!).toBeLessThan((alone.high! - alone.low!) / 2);
  });
});

describe('isClearlyBetter', () => {
  it('compares the mean difference with its standard error', () => {
    // Differences 1, 0, 0, 0, 0: mean .2, variance .2, standard error √(.2/5) = .2: not above it.
    expect(isClearlyBetter([1, 0, 0, 0, 0], [0, 0, 0, 0, 0])).toBe(false);
    // Differences 1, 1, 0, 0, 0: mean .4, variance .3, standard error .245.
    expect(isClearlyBetter([1, 1, 0, 0, 0], [0, 0, 0, 0, 0])).toBe(true);
    expect(isClearlyBetter([1, 1, 0, 0, 0], [0, 0, 0, 0, 0], 2)).toBe(false);
  });
});

describe('bootstrapMeans', () => {
  it('brackets the mean and narrows with more users', () => {
    const sample = (n: number) => bootstrapMeans([Float64Array.from({ length: n }, (_, i) => i % 2)], 3)[0];
    const [few, many] = [sample(20), sample(2000)];
    expect(few.low).toBeLessThanOrEqual(few.value);
    expect(few.high).toBeGreaterThanOrEqual(few.value);
    expect(many.high - many.low).toBeLessThan(few.high - few.low);
    // The normal approximation for 2,000 fair coins: ± 1.96 · √(0.25/2000) = ± 0.0219.
    expect(many.high - many.low).toBeCloseTo(0.0438, 2);
  });
});
