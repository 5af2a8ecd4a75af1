import type { HeldOutRanker } from '../../../models/evaluation/held-out-ranker';
import { plainMetric } from '../../../models/evaluation/metrics';
import { Passes, ofEachHead, testCases } from '../../../models/evaluation/test-lists';
import { logOf } from '../../support/little-log';
import { planOnTest, tellingRanker } from '../../support/telling-ranker';

/** Ranks for three users on validation and for five on test. */
const RANKER = {
  cases: ({ part }: { part: string }) => Array.from({ length: part === 'test' ? 5 : 3 }),
} as unknown as HeldOutRanker;

describe('Passes', () => {
  it('counts on from pass to pass, towards the total of all that are planned', () => {
    const told: [number, number][] = [];
    const passes = new Passes((done, total) => told.push([done, total]));
    const { signal } = new AbortController();
    const [first, second] = (['validation', 'test'] as const).map((part) => passes.plan(RANKER, { part, signal }));
    first.onProgress!(2);
    first.onProgress!(3);
    second.onProgress!(1);
    second.onProgress!(5);
    expect(told).toEqual([
      [2, 8],
      [3, 8],
      [4, 8],
      [8, 8],
    ]);
  });
});

const LOG = logOf([[[0], [1], [2], [3]]]);

/** Their probabilities are .5, .25 and so on. */
function ranker(itemHead: readonly number[] | null) {
  return tellingRanker({ log: LOG, numItems: 8, decoder: [4, 3], itemHead }).ranker;
}

async function caseOf(telling: ReturnType<typeof ranker>, share: number, first?: number) {
  const [one] = await testCases(telling, planOnTest({ first }), share);
  return one;
}

describe('testCases', () => {
  it('has the lists of both heads, and the one that is served with their mixture', async () => {
    // .7 · .5 for item 4, .7 · .25 + .3 · .25 for item 3 and .3 · .5 for item 5.
    const one = await caseOf(ranker([5, 3]), 0.3);
    expect([one.decoder, one.itemHead, one.served]).toEqual([[4, 3], [5, 3], [4, 3, 5]]); // prettier-ignore
    expect((await caseOf(ranker([5, 3]), 0.3, 1)).itemHead).toEqual([5]);
  });

  it('serves the list of the decoder where the item head has no share', async () => {
    expect((await caseOf(ranker([5, 3]), 0)).served).toEqual([4, 3]);
  });
});

describe('ofEachHead', () => {
  const longest = (lists: readonly (readonly number[])[]) => [plainMetric('length', lists[0].length)];

  it('measures the served lists, then those of each head', async () => {
    const metrics = ofEachHead([await caseOf(ranker([5, 3, 2]), 0.3)], longest);
    expect(metrics.map(({ name, value }) => [name, value])).toEqual([
      ['length', 3],
      ['decoder.length', 2],
      ['item-head.length', 2],
    ]);
  });
});
