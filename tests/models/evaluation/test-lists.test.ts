import type { Candidates } from '../../../models/decoding/fusion';
import { plainMetric } from '../../../models/evaluation/metrics';
import { ofEachHead, ranksOf, testCase } from '../../../models/evaluation/test-lists';

const USER = { user: 0, history: Int32Array.of(9), targets: Int32Array.of(3) };
const DECODER = [4, 3].map((itemId, i) => ({
  itemId,
  score: Math.log(0.6 - 0.2 * i),
  codes: [],
  logProbabilities: [],
}));

function candidates(itemHead: readonly number[] | null): Candidates {
  const itemHeadScore = (itemId: number) => (itemHead?.includes(itemId) ? Math.log(itemId / 10) : null);
  return { decoder: DECODER, itemHead, itemHeadScore };
}

describe('testCase', () => {
  it('has the lists of both heads, and the one that is served with their mixture', () => {
    // .5 · (.6 + .4) for item 4, .5 · (.4 + .3) for item 3 and .5 · .5 for item 5.
    const one = testCase(USER, candidates([5, 4, 3]), 0.5);
    expect([one.decoder, one.itemHead, one.served]).toEqual([[4, 3], [5, 4, 3], [4, 3, 5]]); // prettier-ignore
    expect(testCase(USER, candidates([5, 4, 3]), 0.5, 1).itemHead).toEqual([5]);
  });
});

describe('ofEachHead', () => {
  const longest = (lists: readonly (readonly number[])[]) => [plainMetric('length', lists[0].length)];

  it('measures the served lists, then those of each head', () => {
    const metrics = ofEachHead([testCase(USER, candidates([5, 4, 3]), 0.5)], longest);
    expect(metrics.map(({ name, value }) => [name, value])).toEqual([
      ['length', 3],
      ['decoder.length', 2],
      ['item-head.length', 3],
    ]);
  });

  it('measures the served lists alone where there is no item head', () => {
    const metrics = ofEachHead([testCase(USER, candidates(null), 0)], longest);
    expect(metrics.map(({ name }) => name)).toEqual(['length']);
  });
});

describe('ranksOf', () => {
  it('has the rank of the first target in each list, 0 where it has none', () => {
    expect(ranksOf([[4, 3], [3], []], [USER, USER, USER])).toEqual([2, 1, 0]);
  });
});
