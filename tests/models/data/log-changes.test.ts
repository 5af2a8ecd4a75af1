import fc from 'fast-check';

import { heldOut, splitLog, type InteractionLog, type SplitPart } from '../../../models/data/interactions';
import { KINDS } from '../../../models/data/kinds';
import { logWithoutRuns, runsOf, withholdItems } from '../../../models/data/log-changes';
import { eventLog, logOf } from '../../support/little-log';

const DAY = 24 * 60 * 60 * 1000;

describe('runsOf', () => {
  const ends = (items: readonly number[], timeAt?: (position: number) => number) =>
    runsOf(items, timeAt).map(({ begin, end }) => [begin, end]);

  it('has one entry for each run, and one for an item that comes back later', () => {
    expect(ends([7, 7, 7, 3, 7, 3, 3])).toEqual([[0, 3], [3, 4], [4, 5], [5, 7]]); // prettier-ignore
    expect(ends([])).toEqual([]);
  });

  it('has one for each day on which an item was bought again', () => {
    const times = [0, 1, DAY + 1, 2 * DAY + 1, 2 * DAY + 2, 9 * DAY];
    expect(ends([7, 7, 7, 7, 7, 7], (position) => times[position])).toEqual([[0, 2], [2, 3], [3, 5], [5, 6]]); // prettier-ignore
  });
});

describe('logWithoutRuns', () => {
  it('keeps the last entry of each run with its time and its length, and no run over the end of a history', () => {
    const log = logOf([[[1], [1], [2], [2], [2]], [[2]], [], [[2], [1], [2]]]);
    const { offsets, items, times, counts } = logWithoutRuns(log);
    expect([...offsets]).toEqual([0, 2, 3, 3, 6]);
    expect([...items]).toEqual([1, 2, 2, 2, 1, 2]);
    expect([...times]).toEqual([1, 4, 0, 0, 1, 2]);
    expect([...counts]).toEqual([2, 3, 1, 1, 1, 1]);
  });

  it('keeps the kind that counts most, and each run its own', () => {
    const log = eventLog([[[1, 'CART', 0], [1, 'VIEW', 1], [2, 'RATING', 2], [2, 'CART', 3], [1, 'VIEW', 4]]]); // prettier-ignore
    expect(Array.from(log.kinds, (kind) => KINDS[kind])).toEqual(['CART', 'RATING', 'VIEW']);
    expect([...log.times]).toEqual([1, 3, 4]);
  });
});

const cases = (log: InteractionLog, part: SplitPart) =>
  heldOut(log, splitLog(log), part).map(({ user, history, targets }) => [user, [...history], [...targets]]);

describe('withholdItems', () => {
  it('leaves withheld items only where users are tested on them', () => {
    const log = logOf([
      [[1], [9], [2], [3], [9]],
      [[1], [2], [9], [4]],
    ]);
    const rest = withholdItems(log, Int32Array.of(9));
    expect(cases(rest, 'test')).toEqual([
      [0, [1, 2, 3], [9]],
      [1, [1, 2], [4]],
    ]);
    expect(cases(rest, 'validation')).toEqual([
      [0, [1, 2], [3]],
      [1, [1], [2]],
    ]);
  });

  it('trains on no withheld item, whatever the histories', () => {
    const history = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(history, { minLength: 1, maxLength: 6 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 9 })),
        (users, rows) => {
          const log = logOf(users.map((items) => items.map((item) => [item])));
          const rest = withholdItems(log, Int32Array.from(rows));
          const { trainEnd, validationEnd } = splitLog(rest);
          return rest.userKeys.every((_, user) => {
            const known = rest.items.subarray(rest.offsets[user], Math.max(trainEnd[user], validationEnd[user]));
            return known.every((item) => !rows.includes(item));
          });
        },
      ),
    );
  });
});
