import fc from 'fast-check';

import { servedSplit } from '../../../models/data/date-split';
import { type InteractionLog, type Split, splitLog } from '../../../models/data/interactions';
import { countPairs } from '../../../models/data/neighbours';
import { recentPopularity } from '../../../models/data/popularity';
import { DAY_MS } from '../../../models/math/day';
import { createRandom } from '../../../models/math/random';
import { chooseCounts, neighbourTable, REACHES } from '../../../models/training/counted-evidence';
import { eventLog, logOf, walkingLog } from '../../support/little-log';

const NUM_ITEMS = 12;
const histories = fc.array(fc.array(fc.nat(NUM_ITEMS - 1), { minLength: 1, maxLength: 20 }), {
  minLength: 1,
  maxLength: 6,
});

function tableOf(
  users: readonly number[][],
  trained: (length: number) => number = (length) => length,
  numItems = NUM_ITEMS,
) {
  const log = logOf(users.map((items) => items.map((item) => [item])));
  const split = {
    trainEnd: log.offsets.slice(0, -1).map((start, user) => start + trained(users[user].length)),
  } as unknown as Split;
  return { log, split, ...neighbourTable(log, split, numItems) };
}

describe('neighbourTable', () => {
  it("has the counts of all pairs in ten steps, each by the root of its item's total", () => {
    fc.assert(
      fc.property(histories, (users) => {
        const { log, split, offsets, items, weights } = tableOf(users);
        const counts = countPairs(log, split, NUM_ITEMS, REACHES.near);
        for (let item = 0; item < NUM_ITEMS; item++) {
          const [start, end] = counts.starts.subarray(item, item + 2);
          const expected = new Map(
            Array.from(counts.items.subarray(start, end), (other, i) => [other, counts.weights[start + i]]),
          );
          const total = [...expected.values()].reduce((sum, count) => sum + count, 0);
          const near = items.subarray(offsets[item], offsets[item + 1]);
          expect(new Set(near)).toEqual(new Set(expected.keys()));
          near.forEach((other, i) =>
            expect(weights[offsets[item] + i]).toBeCloseTo(expected.get(other)! / Math.sqrt(total + 1), 5),
          );
        }
      }),
    );
  });

  it('keeps the strongest 200 neighbours of an item, strongest first', () => {
    const { offsets, weights } = tableOf(
      [...Array.from({ length: 250 }, (_, i) => [0, i + 1]), [0, 7]],
      undefined,
      251,
    );
    const ofFirst = weights.subarray(offsets[0], offsets[1]);
    expect(ofFirst).toHaveLength(200);
    expect(ofFirst[0]).toBeCloseTo(2 * ofFirst[1], 5);
  });

  it('counts all pairs of fifty steps alike in the wide reach', () => {
    const items = Array.from({ length: 60 }, (_, i) => i);
    const log = logOf([items.map((item) => [item])]);
    const split = { trainEnd: Int32Array.of(60) } as unknown as Split;
    const { offsets, items: near, weights } = neighbourTable(log, split, 60, 'wide');
    expect([...near.subarray(0, offsets[1])]).toEqual(items.slice(1, 51)); // of the first item: 50 after it, each once
    expect(weights[0]).toBeCloseTo(1 / Math.sqrt(51), 5);
    const ofLast = weights.subarray(offsets[59], offsets[60]);
    expect(ofLast).toHaveLength(50);
    expect(ofLast[49]).toBeCloseTo(0.5 / Math.sqrt(26), 5); // 50 before it, each half
  });
});

const { signal } = new AbortController();
const PAIRS = 100;
const NUM_PAIRED = 2 * PAIRS;

/** Each user takes twelve items in any order, then in the same order what goes with each: too far from it for the near reach. */
function farLog(users: number) {
  const random = createRandom(1);
  return logOf(
    Array.from({ length: users }, () => {
      const items = Array.from({ length: PAIRS }, (_, i) => i);
      random.shuffle(items);
      const taken = items.slice(0, 12);
      return [...taken, ...taken.map((item) => PAIRS + item)].map((item) => [item]);
    }),
  );
}

const choose = (log: InteractionLog, numItems = NUM_PAIRED) => chooseCounts(log, splitLog(log), numItems, signal);

describe('chooseCounts', () => {
  it('reaches over whole histories where what goes together is far apart in them', () => {
    const log = farLog(200);
    const { reach, neighbours } = choose(log);
    expect(reach).toBe('wide');
    expect(neighbours).toEqual(neighbourTable(log, splitLog(log), NUM_PAIRED, 'wide'));
  });

  it('stays near where each item leads to the next', () => {
    const log = walkingLog(200, 8, 40);
    const { reach, neighbours } = choose(log, 40);
    expect(reach).toBe('near');
    expect(neighbours).toEqual(neighbourTable(log, splitLog(log), 40));
  });

  it('asks those alone who validate where they are enough, and counts all pairs of the others', () => {
    // After item a, of 100, six users of ten take b two steps later, and four take c at once: near counts say c, wide ones b.
    const log = logOf(
      Array.from({ length: 12_000 }, (_, user) => {
        const [a, between] = [user % 100, 300 + (Math.floor(user / 1000) % 50)];
        return user % 1000 < 600 ? [[a], [between], [100 + a]] : [[a], [200 + a]];
      }),
    );
    expect(chooseCounts(log, servedSplit(log, 1), 350, signal)).toMatchObject({ reach: 'wide' });
  });

  /** Long ago 60 took item 0, and of late 30 took item 1, as 120 do next. All end with item 60, which is for test. */
  function fashionLog() {
    const bought = (item: number, day: number) => [item, 'PURCHASE', day * DAY_MS] as const;
    const often = (count: number, first: (user: number) => ReturnType<typeof bought>[]) =>
      Array.from({ length: count }, (_, user) => [...first(user), bought(60, 101)]);
    return eventLog([
      ...often(60, () => [bought(0, 0)]),
      ...often(30, () => [bought(1, 98)]),
      ...often(120, (user) => [bought(2 + (user % 50), 98), bought(1, 100)]),
    ]);
  }

  it('lets popularity age where users take what was taken lately', () => {
    const log = fashionLog();
    const { halfLife, popularity } = choose(log, 61);
    expect(halfLife).toBeLessThan(Infinity);
    expect(popularity).toEqual(recentPopularity(log, splitLog(log), 61, halfLife));
    expect(popularity[1]).toBeGreaterThan(popularity[0]);
  });
});
