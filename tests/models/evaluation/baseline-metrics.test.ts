import type { InteractionLog } from '../../../models/data/interactions';
import { baselineMetrics, comparison } from '../../../models/evaluation/baseline-metrics';
import { testCases } from '../../../models/evaluation/test-lists';
import { neighbourTable } from '../../../models/training/counted-evidence';
import { listMaking } from '../../support/candidates';
import { logOf } from '../../support/little-log';
import { BY_DECODER, planOnTest, tellingRanker, valuesOf } from '../../support/telling-ranker';

const NUM_ITEMS = 6;
const SECOND = 1 / Math.log2(3);

const MAKING = listMaking({ decoder: 1 }, { neighbourDecay: 0.9, repeats: { ageing: 0, kinds: 0 } });

/** The decoder lists `decoder`, which is served, and the neighbours list 3. */
async function measure(
  log: InteractionLog,
  decoder: readonly number[],
  { byTexts = null as number[] | null, isSeenKept = false } = {},
) {
  const { ranker } = tellingRanker({ log, numItems: NUM_ITEMS, decoder, itemHead: null, neighbours: [3] });
  const cases = (await testCases(ranker, planOnTest({ isSeenKept }), BY_DECODER)).map((one) => ({ ...one, byTexts }));
  const warnings: string[] = [];
  const metrics = await baselineMetrics(
    ranker.input,
    { cases, isSeenKept, making: MAKING },
    {
      signal: new AbortController().signal,
      matrices: [],
      neighbours: neighbourTable(log, ranker.input.split, NUM_ITEMS),
      onWarning: (message) => warnings.push(message),
    },
  );
  return { values: valuesOf(metrics), warnings };
}

/** Each user's 0 and 1 are trained on, 2 is validation's and 3 is next. */
const NEW = logOf(Array<number[][]>(6).fill([[0], [1], [2], [3]]));
/** Each user takes 0 and 1 by turns, and wants 0 again. */
const AGAIN = logOf(Array<number[][]>(5).fill([[0], [1], [0], [1], [0]]));

describe('baselineMetrics', () => {
  it('measures each baseline on the users of the model’s lists, those by text where there are texts', async () => {
    const { values } = await measure(NEW, [3], { byTexts: [4, 3] });
    const names = ['counts-and-texts', 'item-knn-tuned', 'popularity', 'markov', 'item-knn', 'content-knn'];
    const figures = names.map((name) => values.get(`baseline.${name}.ndcg@10`));
    // Their own items are left out, and nothing is known of 3, 4 and 5: the lower row comes first, but neighbours alone list none.
    expect(figures).toEqual([1, 0, 1, 1, 1, expect.closeTo(SECOND, 12)]);
    expect([...values.keys()].filter((name) => /^baseline.*mrr$/.test(name))).toHaveLength(names.length);
    expect((await measure(NEW, [3])).values.has('baseline.content-knn.mrr')).toBe(false);
  });

  it('compares the lists with those of the strongest baseline', async () => {
    const { values, warnings } = await measure(NEW, [4, 3]);
    expect(values.get('above.strongest-baseline.ndcg@10')).toBeCloseTo(SECOND - 1, 12); // most of them put 3 first
    expect(warnings).toHaveLength(1);
  });

  it('measures baselines that list what the user has', async () => {
    const { values, warnings } = await measure(AGAIN, [0], { isSeenKept: true });
    // The training part has 0 twice and 1 once; before the test each user has both twice, and the lower row comes first.
    expect(values.get('baseline.popularity.ndcg@10')).toBe(1);
    expect(values.get('baseline.own-items.ndcg@10')).toBe(1);
    expect(values.get('baseline.counts-and-texts.ndcg@10')).toBe(0);
    expect(warnings).toEqual([expect.stringContaining('lists with seen items')]);
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
