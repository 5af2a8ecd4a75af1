import type { HeldOutRanker } from '../../../models/evaluation/held-out-ranker';
import { plainMetric } from '../../../models/evaluation/metrics';
import { Passes, ofEachHead, testCases } from '../../../models/evaluation/test-lists';
import { listWeights } from '../../support/candidates';
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
  return tellingRanker({ log: LOG, numItems: 8, decoder: [4, 3], itemHead, neighbours: [6, 4] }).ranker;
}

async function caseOf(telling: ReturnType<typeof ranker>, share: number, first?: number) {
  const served = listWeights({ decoder: 1 - share, itemHead: share });
  const weights = { served, evidence: listWeights({ neighbours: 1 }) };
  const [one] = await testCases(telling, planOnTest({ first }), weights);
  return one;
}

describe('testCases', () => {
  it('has the lists of both heads and of the evidence, and the one that is served', async () => {
    // .7 · .5 for item 4, .7 · .25 + .3 · .25 for item 3 and .3 · .5 for item 5.
    const { decoder, itemHead, evidence, served } = await caseOf(ranker([5, 3]), 0.3);
    expect([decoder, itemHead, evidence, served]).toEqual([[4, 3], [5, 3], [6, 4], [4, 3, 5]]); // prettier-ignore
    const first = await caseOf(ranker([5, 3]), 0.3, 1);
    expect([first.decoder, first.itemHead, first.evidence, first.served]).toEqual([[4], [5], [6], [4]]);
  });

  it('has no list of an item head that the model has not', async () => {
    expect((await caseOf(ranker(null), 0)).itemHead).toBeNull();
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
