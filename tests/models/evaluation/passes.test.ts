import type { HeldOutRanker } from '../../../models/evaluation/held-out-ranker';
import { Passes } from '../../../models/evaluation/passes';

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
