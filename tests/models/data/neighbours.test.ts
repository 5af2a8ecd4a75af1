import fc from 'fast-check';

import { splitLog, type Split } from '../../../models/data/interactions';
import { countPairs, BASELINE_REACH, type PairCounts } from '../../../models/data/neighbours';
import { logOf } from '../../support/little-log';

/** One user after another, each an item at a time. */
const oneByOne = (...users: number[][]) => logOf(users.map((items) => items.map((item) => [item])));
/** The whole of every history is training. */
const allOf = ({ offsets }: ReturnType<typeof oneByOne>) => ({ trainEnd: offsets.slice(1) }) as unknown as Split;

/** Item row → its entries, in their order. */
function rowsOf({ starts, items, weights }: PairCounts): [number, [number, number][]][] {
  return Array.from(starts.slice(1).keys(), (from): [number, [number, number][]] => [
    from,
    Array.from({ length: starts[from + 1] - starts[from] }, (_, i) => [
      items[starts[from] + i],
      weights[starts[from] + i],
    ]),
  ]).filter(([, row]) => row.length > 0);
}
const plain = (counts: PairCounts) =>
  Object.fromEntries(rowsOf(counts).map(([from, row]) => [from, Object.fromEntries(row)]));

/** The same, pair after pair of the log in maps. */
function inMaps(users: readonly number[][], window: number, backward: number): [number, [number, number][]][] {
  const pairs = new Map<number, Map<number, number>>();
  const bump = (from: number, to: number, weight: number) => {
    if (from === to) return;
    const row = pairs.get(from) ?? new Map<number, number>();
    pairs.set(from, row.set(to, (row.get(to) ?? 0) + weight));
  };
  for (const items of users) {
    for (const [i, item] of items.entries()) {
      for (let j = i + 1; j < items.length && j <= i + window; j++) {
        bump(item, items[j], 1 / (j - i));
        if (backward > 0) bump(items[j], item, backward / (j - i));
      }
    }
  }
  return [...pairs].sort(([a], [b]) => a - b).map(([from, row]) => [from, [...row]]);
}

describe('countPairs', () => {
  it('adds 1/d forward and its share of that backward', () => {
    const log = oneByOne([0, 1, 2]);
    expect(plain(countPairs(log, allOf(log), 3, { ...BASELINE_REACH, window: 2, backward: 0.5 }))).toEqual({
      0: { 1: 1, 2: 0.5 },
      1: { 2: 1, 0: 0.5 },
      2: { 0: 0.25, 1: 0.5 },
    });
  });

  it('equals what is counted pair after pair of the log, with the neighbours in its order', () => {
    const histories = fc.array(fc.array(fc.nat(4), { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 5 });
    const reaches = fc.constantFrom([3, 1], [3, 0.5], [1, 0], [10, 0.5]);
    fc.assert(
      fc.property(histories, reaches, (users, [window, backward]) => {
        const log = oneByOne(...users);
        const found = rowsOf(countPairs(log, allOf(log), 5, { ...BASELINE_REACH, window, backward }));
        const close = ([to, weight]: [number, number]) => [to, expect.closeTo(weight, 12)];
        expect(found).toEqual(inMaps(users, window, backward).map(([from, row]) => [from, row.map(close)]));
      }),
    );
  });

  it('is symmetric where both directions count alike, and reads the training part alone', () => {
    // Items 4 and 5 are held out.
    const log = oneByOne([0, 1, 2, 3, 0, 4, 5]);
    const near = countPairs(log, splitLog(log), 6, BASELINE_REACH);
    expect([...near.occurrences]).toEqual([2, 1, 1, 1, 0, 0]);
    const rows = plain(near);
    for (const [from, row] of Object.entries(rows))
      for (const [to, weight] of Object.entries(row)) expect(rows[to][from]).toBe(weight);
    expect(Object.keys(rows)).toEqual(['0', '1', '2', '3']);
    // Items 0 and 3 are three steps apart, and one step at the end.
    expect(rows[0][3]).toBeCloseTo(1 / 3 + 1, 12);
  });
});
