import { splitLog, type Split } from '../../../models/data/interactions';
import { countNeighbours, countPairs, WINDOW, type Counts } from '../../../models/data/neighbours';
import { logOf } from '../../support/little-log';

/** One user after another, each an item at a time. */
const oneByOne = (...users: number[][]) => logOf(users.map((items) => items.map((item) => [item])));
/** The whole of every history is training. */
const allOf = ({ offsets }: ReturnType<typeof oneByOne>) => ({ trainEnd: offsets.slice(1) }) as unknown as Split;
const plain = (counts: Counts) => Object.fromEntries([...counts].map(([from, row]) => [from, Object.fromEntries(row)]));

describe('countPairs', () => {
  it('adds 1/d forward and its share of that backward', () => {
    const log = oneByOne([0, 1, 2]);
    expect(plain(countPairs(log, allOf(log), { window: 2, backward: 0.5 }))).toEqual({
      0: { 1: 1, 2: 0.5 },
      1: { 2: 1, 0: 0.5 },
      2: { 0: 0.25, 1: 0.5 },
    });
  });

  it('counts no pair that is farther apart than the window', () => {
    const log = oneByOne([0, 1, 2, 3]);
    expect(plain(countPairs(log, allOf(log), { window: 1, backward: 0 }))).toEqual({
      0: { 1: 1 },
      1: { 2: 1 },
      2: { 3: 1 },
    });
  });

  it('adds up over users, and keeps users apart', () => {
    const log = oneByOne([0, 1], [0, 1], [2, 0]);
    expect(plain(countPairs(log, allOf(log), { window: 3, backward: 0 }))).toEqual({ 0: { 1: 2 }, 2: { 0: 1 } });
  });

  it('takes no item for its own neighbour', () => {
    const log = oneByOne([0, 0, 1, 0]);
    // 0 → 1 from two steps and from one; 1 → 0 from one.
    expect(plain(countPairs(log, allOf(log), { window: 3, backward: 0 }))).toEqual({ 0: { 1: 1.5 }, 1: { 0: 1 } });
  });
});

describe('countNeighbours', () => {
  it('is symmetric, and reads the training part alone', () => {
    // Items 4 and 5 are held out.
    const log = oneByOne([0, 1, 2, 3, 0, 4, 5]);
    const { near, popularity } = countNeighbours(log, splitLog(log), 6);
    expect([...popularity]).toEqual([2, 1, 1, 1, 0, 0]);
    for (const [from, row] of near) for (const [to, weight] of row) expect(near.get(to)?.get(from)).toBe(weight);
    expect([...near.keys()].sort()).toEqual([0, 1, 2, 3]);
    // Items 0 and 3 are WINDOW = 3 steps apart, and one step at the end.
    expect(WINDOW).toBe(3);
    expect(near.get(0)!.get(3)).toBeCloseTo(1 / 3 + 1, 12);
  });
});
