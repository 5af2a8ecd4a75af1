import type { HeldOut } from '../../../models/data/interactions';
import {
  experimentMetrics,
  planExperiment,
  type ExperimentOptions,
  coldStartMetrics,
  diversityMetrics,
  diversityPoints,
} from '../../../models/evaluation/experiment-metrics';
import type { HeldOutRanker, RankOptions } from '../../../models/evaluation/held-out-ranker';
import { testCases } from '../../../models/evaluation/test-lists';
import type { TextSpace } from '../../../models/text/text-space';
import { caseOf, logOf } from '../../support/little-log';
import { BY_DECODER, planOnTest, tellingRanker, valuesOf } from '../../support/telling-ranker';

const NUM_ITEMS = 8;
const NOTHING: ExperimentOptions = { withheld: new Int32Array(0), hasDiversity: false };
/** The even users want 3, which the model has learned, and the odd ones 6, which was withheld. */
const LOG = logOf([0, 1, 2, 3].map((user) => [[0], [1], [2], [user % 2 === 0 ? 3 : 6]]));
const CATEGORIES = [Int32Array.from({ length: NUM_ITEMS }, (_, item) => item % 2)];
/** By its text 6 lies nearer to all histories than 7 does; the decoder writes 7 rather than 6. */
const DIRECTIONS = Float32Array.from([1, 1, 1, 1, 0, 0, 1, 0.5]);
const TEXTS = { size: 1, directions: () => DIRECTIONS } as unknown as TextSpace;

async function measure(options: Partial<ExperimentOptions>) {
  const telling = tellingRanker({ log: LOG, numItems: NUM_ITEMS, decoder: [3, 7, 6, 4], itemHead: [4, 3] });
  const { ranker } = telling;
  const facts = { hasCategories: true };
  const passes = planExperiment(ranker, facts, { ...NOTHING, ...options }, planOnTest);
  const cases = await testCases(ranker, planOnTest({}), BY_DECODER);
  const tested = { ranker, cases, texts: TEXTS, vectors: DIRECTIONS, categories: CATEGORIES, weights: BY_DECODER };
  return { ...telling, values: valuesOf(await experimentMetrics(tested, passes)) };
}

const WITHHELD = { withheld: Int32Array.of(6, 7) };

describe('experimentMetrics', () => {
  it('ranks withheld items by the decoder and by their texts', async () => {
    const { values } = await measure(WITHHELD);
    expect([values.get('cold.items'), values.get('cold.users')]).toEqual([2, 2]);
    const first = (name: string) => values.get(`cold.${name}.reserved-2.ndcg@10`);
    // Kept are two places of ten, behind the eight that are served: four. So the second kept place is behind the first.
    expect(first('content-knn')! > first('decoder')!).toBe(true);
  });
});

// Item 50 is withheld; ten items are served, and it is nowhere among them. User 0 wants it, user 1 wants the last of the ten.
const served = [...Array(10).keys()];
const lists = {
  cases: [caseOf([20], [50]), caseOf([20], [9], 1)],
  served: [served, served],
  withheldLists: {
    decoder: [
      [50, 51],
      [50, 51],
    ],
    'content-knn': [
      [51, 52],
      [51, 52],
    ],
  },
};
const metrics = new Map(coldStartMetrics(lists, Int32Array.of(50, 51, 52), 1).map(({ name, value }) => [name, value]));

describe('coldStartMetrics', () => {
  it('finds withheld targets in the places that are kept', () => {
    expect(metrics.get('cold.decoder.reserved-0.recall@10')).toBe(0);
    expect(metrics.get('cold.decoder.reserved-1.recall@10')).toBe(1);
    expect(metrics.get('cold.content-knn.reserved-2.recall@10')).toBe(0);
  });
});

describe('diversityPoints', () => {
  it('samples all codes together, then each level alone, the collision token never alone', () => {
    const points = diversityPoints(3).map(({ where, temperatures }) => [where, ...temperatures]);
    const temperatures = [0.5, 1, 1.5, 2];
    expect(points).toEqual([
      ['all', 0, 0, 0],
      ...temperatures.map((t) => ['all', t, t, t]),
      ...temperatures.map((t) => ['level-0', t, 0, 0]),
      ...temperatures.map((t) => ['level-1', 0, t, 0]),
    ]);
  });
});

describe('diversityMetrics', () => {
  const point = { where: 'level-0', temperature: 2, temperatures: [2, 0] };
  /** Item row → category, at two levels. */
  const categories = [Int32Array.of(0, 0, 1, 1), Int32Array.of(0, 1, 2, 3)];
  const asked: RankOptions[] = [];
  /** The decoder lists items 0, 1, 2, 3 for the first user, who wants item 1, and item 0 for the second, who wants item 3. */
  const ranker = {
    rank: (options: RankOptions, keep: (one: HeldOut, candidates: unknown) => unknown) => {
      asked.push(options);
      const found = [[0, 1, 2, 3], [0]].map((list) => list.map((itemId) => ({ itemId })));
      const users = [{ targets: Int32Array.of(1) }, { targets: Int32Array.of(3) }];
      return Promise.resolve(users.map((one, i) => keep(one as HeldOut, { found: found[i] })));
    },
  } as unknown as HeldOutRanker;
  const measure = async (levels: typeof categories) => {
    const signal = new AbortController().signal;
    const metrics = await diversityMetrics(ranker, point, { part: 'test', users: 2, signal }, levels);
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };

  it("means the entropies and hits of the decoder's sampled lists over the users", async () => {
    const values = await measure(categories);
    expect(asked.at(-1)).toMatchObject({ part: 'test', users: 2, temperature: [2, 0] });
    // The first list has two categories, evenly: ln 2 nats, and four of the second level: ln 4. The second list has one of each: 0.
    expect(values['diversity.level-0.2.entropy@10']).toBeCloseTo(Math.LN2 / 2, 12);
    expect(values['diversity.level-0.2.subcategory-entropy@10']).toBeCloseTo(Math.log(4) / 2, 12);
    expect(values['diversity.level-0.2.ndcg@10']).toBeCloseTo(1 / Math.log2(3) / 2, 12); // second place, and no hit
  });
});
