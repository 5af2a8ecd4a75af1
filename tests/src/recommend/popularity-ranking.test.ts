import fc from 'fast-check';

import { PopularityRanking } from '../../../src/recommend/popularity-ranking';

const orderOf = (ranking: PopularityRanking) => Array.from({ length: ranking.length }, (_, place) => ranking.at(place));
const sorted = (counts: ReadonlyMap<number, number>) =>
  [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || (counts.get(a) === 0 ? b - a : a - b));

describe('PopularityRanking', () => {
  it('puts most interactions first, and of equal items the older one; where nothing was done yet, the newer one', () => {
    expect(orderOf(new PopularityRanking(new Map([[7, 0], [3, 2], [5, 9_000_000], [1, 2], [9, 0]])))).toEqual([5, 1, 3, 9, 7]); // prettier-ignore
  });

  it('is after any additions, moves and removals as if all were sorted anew', () => {
    const step = fc.record({ itemId: fc.integer({ min: 1, max: 60 }), count: fc.option(fc.nat(6)) });
    fc.assert(
      fc.property(fc.array(fc.nat(6), { maxLength: 30 }), fc.array(step, { maxLength: 200 }), (first, steps) => {
        const counts = new Map(first.map((count, i) => [2 * i + 1, count]));
        const ranking = new PopularityRanking(counts);
        for (const { itemId, count } of steps) {
          const before = counts.get(itemId);
          if (count === null && before !== undefined) ranking.remove(itemId, before);
          if (count !== null && before === undefined) ranking.add(itemId, count);
          if (count !== null && before !== undefined) ranking.move(itemId, before, count);
          if (count === null) counts.delete(itemId);
          else counts.set(itemId, count);
        }
        expect(orderOf(ranking)).toEqual(sorted(counts));
      }),
      { seed: 1 },
    );
  });
});
