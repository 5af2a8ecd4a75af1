import { baselineMetrics, comparison, planBaselines } from '../../../models/evaluation/baseline-metrics';
import type { NearestTexts } from '../../../models/evaluation/nearest-texts';
import { testCases } from '../../../models/evaluation/test-lists';
import { neighbourTable } from '../../../models/training/counted-evidence';
import { logOf } from '../../support/little-log';
import { BY_DECODER, planOnTest, tellingRanker, valuesOf } from '../../support/telling-ranker';

const NUM_ITEMS = 6;
const SECOND = 1 / Math.log2(3);

/** Each user's 0 and 1 are trained on, 2 is validation's and `wanted` is next. The decoder lists `decoder`, which is served. */
async function measure(
  decoder: readonly number[],
  { users = 6, wanted = 3, nearest = null as number[] | null, others = [] as number[][][] } = {},
) {
  const log = logOf([...Array<number[][]>(users).fill([[0], [1], [2], [wanted]]), ...others]);
  const { ranker } = tellingRanker({ log, numItems: NUM_ITEMS, decoder, itemHead: null, neighbours: [3] });
  const cases = await testCases(ranker, planOnTest({}), BY_DECODER);
  const list = nearest?.map((itemId) => ({ itemId, nearness: 0 }));
  const nearestTexts = list ? ({ rank: async () => cases.map(() => list) } as unknown as NearestTexts) : null;
  const warnings: string[] = [];
  const metrics = await baselineMetrics(ranker, cases, {
    nearestTexts,
    signal: new AbortController().signal,
    neighbours: neighbourTable(log, ranker.input.split, NUM_ITEMS),
    matrices: [{ name: 'ease', scorer: (_, scores) => (scores[3] = 1), constants: { lambda: 100 } }],
    passes: planBaselines(nearest !== null, ['ease'], planOnTest),
    onWarning: (message) => warnings.push(message),
  });
  return { values: valuesOf(metrics), warnings };
}

describe('baselineMetrics', () => {
  it('measures each baseline on the users of the model’s lists, those by text where there are texts', async () => {
    const { values } = await measure([3], { nearest: [4, 3] });
    const names = [...values.keys()].filter((name) => /^baseline.*ndcg@10$/.test(name));
    expect(names).toEqual(
      [
        'counts-and-texts',
        'item-knn-tuned',
        'popularity',
        'markov',
        'item-knn',
        'item-knn-damped',
        'ease',
        'content-knn',
      ].map((name) => `baseline.${name}.ndcg@10`),
    );
    // Their own items are left out, and nothing is known of 3, 4 and 5: the lower row comes first, but neighbours alone list none.
    expect(names.slice(0, -1).map((name) => values.get(name))).toEqual([1, 0, 1, 1, 1, 1, 1]);
    expect(values.get('baseline.content-knn.ndcg@10')).toBeCloseTo(SECOND, 12);
    expect([...(await measure([3])).values.keys()].filter((name) => name.includes('content'))).toEqual([]);
  });

  it('tells the constants of a baseline that has some', async () => {
    expect((await measure([3])).values.get('baseline.ease.lambda')).toBe(100);
  });

  it('compares the lists with those of the strongest baseline', async () => {
    const { values, warnings } = await measure([4, 3], { nearest: [4, 5] });
    expect(values.get('above.strongest-baseline.ndcg@10')).toBeCloseTo(SECOND - 1, 12); // most of them put 3 first
    expect(warnings).toHaveLength(1);
  });
});

describe('comparison', () => {
  const SERVED = [1, 1, 1, 1, 1, 0, 0, 0, 0, 0];

  function compare(...baselines: number[][]) {
    const warnings: string[] = [];
    const measured = baselines.map((ranks, i) => ({ name: `b${i}`, ranks }));
    const onWarning = (message: string) => warnings.push(message);
    const metrics = comparison(measured, SERVED, { kind: 'lists', seed: 1, onWarning });
    return { metrics, warnings };
  }

  it('takes the baseline with the best NDCG@10, user by user', () => {
    const { metrics } = compare(
      [2, 2, 2, 2, 2, 0, 0, 0, 0, 0],
      [2, 2, 2, 2, 2, 1, 0, 0, 0, 0],
      Array<number>(10).fill(11),
    );
    const { value, low, high } = metrics.find(({ name }) => name === 'above.strongest-baseline.ndcg@10')!;
    expect(value).toBeCloseTo((5 * (1 - SECOND) - 1) / 10, 12);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  });

  it('warns unless the whole interval is above zero', () => {
    expect(compare(Array<number>(10).fill(0)).warnings).toEqual([]);
    expect(compare(SERVED).warnings).toEqual([
      'counts do as well as this model: its lists have an NDCG@10 of 0.5000, and those of b0 have 0.5000 on the same 10 users, ' +
        'a difference of +0.0000 [+0.0000, +0.0000]; import more interactions and train again, or activate an earlier version ' +
        'whose figures are better',
    ]);
    expect(compare(Array<number>(10).fill(1)).warnings).toEqual([
      expect.stringContaining('counts do better than this model'),
    ]);
  });
});
