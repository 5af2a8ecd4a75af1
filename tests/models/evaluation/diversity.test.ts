import type { HeldOut } from '../../../models/data/interactions';
import { diversityMetrics, diversityPoints } from '../../../models/evaluation/diversity';
import type { HeldOutRanker, RankOptions } from '../../../models/evaluation/held-out-ranker';

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
      const decoder = [[0, 1, 2, 3], [0]].map((list) => list.map((itemId) => ({ itemId })));
      const users = [{ targets: Int32Array.of(1) }, { targets: Int32Array.of(3) }];
      return Promise.resolve(users.map((one, i) => keep(one as HeldOut, { decoder: decoder[i], itemHead: [3] })));
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

  it('has one entropy where there is one level of categories', async () => {
    expect(Object.keys(await measure([categories[0]]))).toEqual([
      'diversity.level-0.2.entropy@10',
      'diversity.level-0.2.ndcg@10',
    ]);
  });
});
