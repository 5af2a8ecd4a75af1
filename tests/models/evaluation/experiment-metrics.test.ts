import { DIVERSITY_USERS } from '../../../models/evaluation/diversity';
import {
  experimentMetrics,
  planExperiment,
  type ExperimentOptions,
} from '../../../models/evaluation/experiment-metrics';
import type { NearestTexts } from '../../../models/evaluation/nearest-texts';
import { planLists, testCases } from '../../../models/evaluation/test-lists';
import { logOf } from '../../support/little-log';
import { planOnTest, tellingRanker, valuesOf } from '../../support/telling-ranker';

const NUM_ITEMS = 8;
const NOTHING: ExperimentOptions = { withheld: new Int32Array(0), hasDiversity: false };
/** The even users want 3, which the model has learned, and the odd ones 6, which was withheld. */
const LOG = logOf([0, 1, 2, 3].map((user) => [[0], [1], [2], [user % 2 === 0 ? 3 : 6]]));
const CATEGORIES = [Int32Array.from({ length: NUM_ITEMS }, (_, item) => item % 2)];
/** By their texts 6 is nearest; the decoder writes 7 rather than 6. */
const NEAR = [6, 7].map((itemId, i) => ({ itemId, nearness: 0.9 - 0.001 * i }));

async function measure(options: Partial<ExperimentOptions>, hasTexts = true) {
  const telling = tellingRanker({ log: LOG, numItems: NUM_ITEMS, decoder: [3, 7, 6, 4], itemHead: [4, 3] });
  const { ranker } = telling;
  const nearestTexts = { rank: async (all: readonly unknown[]) => all.map(() => NEAR) } as unknown as NearestTexts;
  const facts = { hasTexts, hasCategories: true };
  const passes = planExperiment(ranker, facts, { ...NOTHING, ...options }, planOnTest);
  const cases = await testCases(ranker, planLists(ranker, planOnTest), 0);
  const tested = {
    ...{ ranker, cases, categories: CATEGORIES, share: 0 },
    nearestTexts: hasTexts ? nearestTexts : null,
  };
  return { ...telling, values: valuesOf(await experimentMetrics(tested, passes)) };
}

const WITHHELD = { withheld: Int32Array.of(6, 7) };

describe('experimentMetrics', () => {
  it('measures long lists, and nothing else unless it is asked for', async () => {
    const { values } = await measure({});
    expect([...values.keys()].every((name) => /entropy@50$/.test(name))).toBe(true);
    // The served list has 3 7 6 4: two of each category.
    expect(values.get('entropy@50')).toBeCloseTo(Math.LN2, 12);
    expect(values.get('item-head.entropy@50')).toBeCloseTo(Math.LN2, 12);
  });

  it('ranks withheld items by the decoder, by their texts and by both', async () => {
    const { values, asked } = await measure(WITHHELD);
    expect([values.get('cold.items'), values.get('cold.users')]).toEqual([2, 2]);
    const first = (name: string) => values.get(`cold.${name}.reserved-2.ndcg@10`);
    // Kept are two places of ten, behind the eight that are served: four. So the second kept place is behind the first.
    expect(first('content-knn')! > first('decoder')!).toBe(true);
    // log p is .69 lower for 6, but 60 times its nearness is only .06 higher.
    expect(first('both')).toBe(first('decoder'));
    const ofCold = asked.slice(-8);
    expect(ofCold.map(({ request }) => request.first)).toEqual([20, 20, 20, 20, 50, 50, 50, 50]);
  });

  it('ranks withheld items by the decoder alone where there are no texts', async () => {
    const { values } = await measure(WITHHELD, false);
    const methods = [...values.keys()].flatMap((name) => /^cold\.(.+)\.reserved-1\.recall@10$/.exec(name)?.[1] ?? []);
    expect(methods).toEqual(['decoder']);
  });

  it('samples lists at several temperatures when diversity is asked for', async () => {
    const { values, asked } = await measure({ hasDiversity: true });
    expect(values.has('diversity.all.0.5.entropy@10')).toBe(true);
    const temperatures = new Set(asked.map(({ request }) => JSON.stringify(request.temperature)));
    expect(temperatures).toContain('[0.5,0.5,0.5]');
    expect(temperatures).toContain('[2,0,0]');
  });
});

describe('planExperiment', () => {
  const { ranker } = tellingRanker({ log: LOG, numItems: NUM_ITEMS, decoder: [], itemHead: null });
  const all = { withheld: Int32Array.of(6), hasDiversity: true };
  const plan = (hasTexts: boolean, hasCategories: boolean, options: ExperimentOptions) =>
    planExperiment(ranker, { hasTexts, hasCategories }, options, planOnTest);

  it('plans what the catalogue has the facts for', () => {
    expect(plan(true, false, all)).toMatchObject({ long: null, sampled: [], cold: { byBoth: { first: 50 } } });
    expect(plan(false, true, all)).toMatchObject({ long: { heads: { first: 50 } }, cold: { byBoth: null } });
    expect(plan(true, true, NOTHING)).toMatchObject({ cold: null, sampled: [] });
  });

  it('samples for so many users at each point', () => {
    const { sampled } = plan(true, true, all);
    expect(sampled).toHaveLength(13);
    expect(sampled.every(({ pass }) => pass.users === DIVERSITY_USERS)).toBe(true);
  });
});
