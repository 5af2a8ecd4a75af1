import { baselineMetrics, planBaselines } from '../../../models/evaluation/baseline-metrics';
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
    matrices: [],
    signal: new AbortController().signal,
    neighbours: neighbourTable(log, ranker.input.split, NUM_ITEMS),
    passes: planBaselines(nearest !== null, [], planOnTest),
    onWarning: (message) => warnings.push(message),
  });
  return { values: valuesOf(metrics), warnings };
}

describe('baselineMetrics', () => {
  it('measures each baseline on the users of the model’s lists, those by text where there are texts', async () => {
    const { values } = await measure([3], { nearest: [4, 3] });
    const names = [...values.keys()].filter((name) => name.endsWith('.ndcg@10'));
    expect(names).toEqual(
      ['counts-and-texts', 'item-knn-tuned', 'popularity', 'markov', 'item-knn', 'item-knn-damped', 'content-knn'].map(
        (name) => `baseline.${name}.ndcg@10`,
      ),
    );
    // Their own items are left out, and nothing is known of 3, 4 and 5: the lower row comes first.
    for (const name of names.slice(0, -1)) expect(values.get(name)).toBe(1);
    expect(values.get('baseline.content-knn.ndcg@10')).toBeCloseTo(SECOND, 12);
    expect([...(await measure([3])).values.keys()].filter((name) => name.includes('content'))).toEqual([]);
  });

  it('warns when the most popular items or the neighbours are better than what is served', async () => {
    const { warnings } = await measure([4, 3], { nearest: [3] });
    const figures = (list: string) =>
      `figures: the lists of this version have an NDCG@10 of 0.631, and lists of ${list} have 1.000, on the same 6 users; ` +
      'import more interactions and train again, or activate an earlier version whose figures are better';
    expect(warnings).toEqual([
      figures('the most popular items'),
      figures('what is bought near the items of the history (item-kNN)'),
    ]);
  });
});
