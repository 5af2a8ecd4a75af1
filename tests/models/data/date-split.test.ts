import fc from 'fast-check';

import { createModel } from '../../../models/checkpoint/model-weights';
import { presetConfig } from '../../../models/config';
import { HistoryError } from '../../../models/data/check-histories';
import { dateSplit, servedSplit } from '../../../models/data/date-split';
import {
  heldOut,
  trainingCounts,
  type InteractionLog,
  type Split,
  type SplitPart,
} from '../../../models/data/interactions';
import { KINDS, type Kind } from '../../../models/data/kinds';
import { BASELINE_REACH, countPairs } from '../../../models/data/neighbours';
import { epochBatches } from '../../../models/data/sequence-batches';
import { DAY_MS } from '../../../models/math/day';
import { disposeParameters } from '../../../models/seq2seq/parameters';
import { neighbourTable } from '../../../models/training/counted-evidence';
import { eventLog, idsOf } from '../../support/little-log';

type Event = readonly [item: number, kind: Kind, day: number];

/** Users as lists of events, with times in days. */
const inDays = (users: readonly (readonly Event[])[]) =>
  eventLog(users.map((events) => events.map(([item, kind, day]) => [item, kind, day * DAY_MS] as const)));

const cases = (log: InteractionLog, split: Split, part: SplitPart, isSeenKept = true) =>
  heldOut(log, split, part, isSeenKept).map(({ user, history, targets, at }) => {
    return { user: log.userKeys[user], history: [...history], targets: [...targets], day: at / DAY_MS };
  });

describe('dateSplit', () => {
  // Training ends at day 70, validation at day 100, test at day 130.
  const log = inDays([
    [[0, 'PURCHASE', 0], [1, 'VIEW', 60], [2, 'RATING', 80], [0, 'PURCHASE', 99], [3, 'VIEW', 100], [1, 'PURCHASE', 110], [4, 'PURCHASE', 129], [1, 'PURCHASE', 129.5], [5, 'PURCHASE', 130]],
    [[0, 'VIEW', 69], [6, 'CART', 75], [7, 'VIEW', 120]],
    [[6, 'PURCHASE', 71], [6, 'PURCHASE', 101]],
    [[6, 'PURCHASE', 101]],
  ]); // prettier-ignore
  const split = dateSplit(log, 100 * DAY_MS);

  it('lists what each user buys in a part, by what was known when it began', () => {
    expect(cases(log, split, 'validation')).toEqual([{ user: 'u0', history: [0, 1], targets: [2, 0], day: 70 }]);
    expect(cases(log, split, 'test')).toEqual([
      { user: 'u0', history: [0, 1, 2, 0], targets: [1, 4], day: 100 },
      { user: 'u2', history: [6], targets: [6], day: 100 },
    ]);
  });

  it('drops what lists without seen items cannot have: what was bought before, and not what was viewed', () => {
    expect(cases(log, split, 'test', false)).toEqual([expect.objectContaining({ user: 'u0', targets: [1, 4] })]);
    expect(cases(log, split, 'validation', false)).toEqual([expect.objectContaining({ user: 'u0', targets: [2] })]);
  });

  it('takes events of any kind for targets where nothing was ever bought', () => {
    const views = inDays([[[0, 'VIEW', 0], [1, 'CART', 100], [2, 'VIEW', 101], [1, 'VIEW', 102]]]); // prettier-ignore
    expect(cases(views, dateSplit(views, 100 * DAY_MS), 'test')).toEqual([
      { user: 'u0', history: [0], targets: [1, 2], day: 100 },
    ]);
  });

  it.each([
    ['before the log', Date.UTC(1970, 0, 1)],
    ['after it', Date.UTC(1971, 0, 1)],
  ])('refuses a day %s', (_, cut) => {
    expect(() => dateSplit(log, cut)).toThrow(HistoryError);
    expect(() => dateSplit(log, cut)).toThrow(/expected a day after .* 1970-01-01, and not after .*, 1970-05-11, got/);
  });

  it('keeps from training, counts, neighbours and validation what comes after', () => {
    const model = createModel(presetConfig('tiny'), 8);
    const day = fc.nat(130);
    const event = fc.tuple(fc.nat(7), fc.constantFrom(...KINDS), day);
    const users = fc.array(fc.array(event, { maxLength: 12 }), { minLength: 1, maxLength: 5 });
    const logOf = (drawn: readonly (readonly Event[])[]) =>
      // One event at each end, so that the split is the same.
      inDays([[[0, 'PURCHASE', 0], [1, 'PURCHASE', 130]], ...drawn.map((events) => events.toSorted((a, b) => a[2] - b[2]))]); // prettier-ignore
    const untilDay = (drawn: readonly (readonly Event[])[], end: number) =>
      drawn.map((events) => events.filter(([, , at]) => at < end));
    fc.assert(
      fc.property(users, (drawn) => {
        const read = (events: readonly (readonly Event[])[]) => {
          const whole = logOf(events);
          const ofWhole = dateSplit(whole, 100 * DAY_MS);
          const batches = [
            ...epochBatches(
              { model, log: whole, split: ofWhole, semanticIds: idsOf(8), seed: 1 },
              presetConfig('tiny').training,
              0,
            ),
          ];
          return [
            trainingCounts(whole, ofWhole, 8),
            countPairs(whole, ofWhole, 8, BASELINE_REACH),
            neighbourTable(whole, ofWhole, 8),
            batches.map(({ inputs }) => inputs.targetItems),
          ];
        };
        expect(read(drawn)).toEqual(read(untilDay(drawn, 70)));
        const [all, before] = [logOf(drawn), logOf(untilDay(drawn, 100))];
        const validated = (one: InteractionLog) => cases(one, dateSplit(one, 100 * DAY_MS), 'validation');
        expect(validated(all)).toEqual(validated(before));
      }),
      { numRuns: 50 },
    );
    disposeParameters(model.params);
  });
});

describe('servedSplit', () => {
  /** Users who view two items and buy the second, one a day; the first begins on day 0. */
  const shop = (users: number, kind: Kind = 'VIEW') =>
    inDays(
      Array.from({ length: users }, (_, user) => [
        [user % 5, 'PURCHASE', user % 40],
        [(user + 1) % 5, kind, 50 + (user % 20)],
        [(user + 1) % 5, 'PURCHASE', 85 + (user % 16)],
        [(user + 2) % 5, kind, 101],
      ]),
    );

  it('holds out by date in a shop with views: the newest tenth of its time, and the tenth before', () => {
    const { rule, dates } = servedSplit(shop(32), 1);
    expect(rule).toBe('by-date');
    // From day 0 to day 101: ten days and a tenth each.
    expect([dates!.validation, dates!.test].map((time) => Math.round((10 * time) / DAY_MS))).toEqual([808, 909]);
    expect(cases(shop(32), servedSplit(shop(32), 1), 'test')).toHaveLength(20); // those of days 91 to 100
  });

  it('holds out the ends of histories where all events are of one kind or time, or hardly anybody buys near the last', () => {
    expect(servedSplit(shop(32, 'PURCHASE'), 1).rule).toBe('leave-one-out');
    const atOnce = inDays([[[0, 'VIEW', 5], [1, 'PURCHASE', 5]], [[1, 'VIEW', 5], [0, 'PURCHASE', 5]]]); // prettier-ignore
    expect(servedSplit(atOnce, 1).rule).toBe('leave-one-out');
    const ahead = inDays([...Array<Event[]>(40).fill([[0, 'VIEW', 0], [1, 'PURCHASE', 1]]), [[1, 'VIEW', 40_000]]]); // prettier-ignore
    expect(servedSplit(ahead, 1).rule).toBe('leave-one-out');
    const idle = Array.from({ length: 30 }, (): Event[] => [[0, 'PURCHASE', 0], [1, 'VIEW', 100]]); // prettier-ignore
    expect(servedSplit(inDays(idle), 1).rule).toBe('leave-one-out');
  });
});
