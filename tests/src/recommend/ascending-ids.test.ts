import fc from 'fast-check';

import { AscendingIds, greatestCommon, rechecked } from '../../../src/recommend/ascending-ids';

const ascending = (ids: Iterable<number>) => Int32Array.from(new Set(ids)).sort();
const IDS = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40 }).map(ascending);

describe('AscendingIds', () => {
  it('has the ids of a set after any changes, ascending', () => {
    const changes = fc.array(fc.record({ itemId: fc.integer({ min: 1, max: 40 }), isAdded: fc.boolean() }));
    fc.assert(
      fc.property(IDS, changes, (first, steps) => {
        const [ids, plain] = [new AscendingIds([...first].reverse()), new Set(first)];
        for (const { itemId, isAdded } of steps) {
          if (isAdded) ids.add(itemId);
          else ids.remove(itemId);
          if (isAdded) plain.add(itemId);
          else plain.delete(itemId);
        }
        expect(ids.view()).toEqual(ascending(plain));
      }),
      { seed: 1 },
    );
  });
});

describe('rechecked', () => {
  it('has of the touched ids those that pass, and of the others those that it had', () => {
    fc.assert(
      fc.property(IDS, IDS, IDS, (ids, touched, some) => {
        const passing = some.filter((itemId) => touched.includes(itemId));
        const others = ids.filter((itemId) => !touched.includes(itemId));
        const plain = ascending([...others, ...passing]);
        const list = rechecked(ids, touched, passing);
        expect(list).toEqual(plain);
        expect(list === ids).toBe(String(plain) === String(ids));
      }),
      { seed: 1 },
    );
  });
});

describe('greatestCommon', () => {
  it('has the end of what both lists have and what qualifies', () => {
    fc.assert(
      fc.property(IDS, fc.option(IDS), fc.nat(10), IDS, (ids, others, take, denied) => {
        const qualifies = (itemId: number) => !denied.includes(itemId);
        const plain = ids.filter((itemId) => qualifies(itemId) && (others === null || others.includes(itemId)));
        expect(greatestCommon(ids, others, take, qualifies)).toEqual(plain.slice(Math.max(0, plain.length - take)));
      }),
      { seed: 1 },
    );
  });
});
