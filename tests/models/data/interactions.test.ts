import { MAX_TRAINED_HISTORY } from '../../../models/config';
import { servedSplit } from '../../../models/data/date-split';
import {
  everyoneValidates,
  heldOut,
  repeatedShare,
  splitLog,
  trainingCounts,
  type InteractionLog,
} from '../../../models/data/interactions';
import { eventLog, logOf } from '../../support/little-log';

function cases(log: InteractionLog, part: 'validation' | 'test') {
  return heldOut(log, splitLog(log), part).map(({ user, history, targets }) => ({
    user,
    history: [...history],
    targets: [...targets],
  }));
}

describe('splitLog', () => {
  it('holds out the last item and the one before it where items come one by one', () => {
    const log = logOf([[[1], [2], [3], [4]]]);
    expect(splitLog(log).rule).toBe('leave-one-out');
    expect(cases(log, 'validation')).toEqual([{ user: 0, history: [1, 2], targets: [3] }]);
    expect(cases(log, 'test')).toEqual([{ user: 0, history: [1, 2, 3], targets: [4] }]);
  });

  it('holds out whole baskets where histories are made of them', () => {
    const log = logOf([
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ],
    ]);
    expect(splitLog(log).rule).toBe('last-basket');
    expect(cases(log, 'validation')).toEqual([{ user: 0, history: [1, 2, 3], targets: [4, 5, 6] }]);
    expect(cases(log, 'test')).toEqual([{ user: 0, history: [1, 2, 3, 4, 5, 6], targets: [7, 8, 9] }]);
  });

  it('holds out last items where hardly anybody has a second basket', () => {
    const once = Array.from({ length: 20 }, () => [[1, 2, 3, 4]]);
    const twice = [[1, 2, 3, 4], [5, 6, 7]]; // prettier-ignore
    const log = logOf([...once, twice]);
    expect(splitLog(log).rule).toBe('leave-one-out');
    expect(cases(log, 'test')[0]).toEqual({ user: 0, history: [1, 2, 3], targets: [4] });
    expect(splitLog(logOf([...once.slice(0, 19), twice])).rule).toBe('last-basket'); // 5 %
  });

  it('leaves users with too little to tell from out of a part, and trains on all they have', () => {
    const log = logOf([[[1]], [[1], [2]], []]);
    expect(cases(log, 'test')).toEqual([{ user: 1, history: [1], targets: [2] }]);
    expect(cases(log, 'validation')).toEqual([]);
    expect([...splitLog(log).trainEnd]).toEqual([1, 2, 3]);
  });
});

describe('servedSplit', () => {
  const ofThree = (users: number) =>
    logOf(Array.from({ length: users }, (_, user) => [[user], [user + 1], [user + 2]]));
  const usersOf = (log: InteractionLog, part: 'validation' | 'test', seed = 1) =>
    heldOut(log, servedSplit(log, seed), part).map(({ user }) => user);

  it('holds out the last item of a third of the users for test and of another third for validation', () => {
    const log = ofThree(30);
    const [validation, test] = (['validation', 'test'] as const).map((part) => usersOf(log, part));
    expect([validation.length, test.length]).toEqual([10, 10]);
    expect(new Set([...validation, ...test]).size).toBe(20);
    const { trainEnd } = servedSplit(log, 1);
    const lengths = [...trainEnd].map((end, user) => end - log.offsets[user]);
    const isHeldOut = new Set([...validation, ...test]);
    expect(lengths).toEqual(lengths.map((_, user) => (isHeldOut.has(user) ? 2 : 3)));
    const [{ user, history, targets }] = heldOut(log, servedSplit(log, 1), 'validation');
    expect([[...history], [...targets]]).toEqual([[user, user + 1], [user + 2]]);
  });
});

describe('everyoneValidates', () => {
  it('holds out what each user has last before the test', () => {
    const log = logOf([[[1], [2], [3]], [[4], [5]], [[6]], []]);
    const ofTest = { rule: 'leave-one-out', trainEnd: Int32Array.of(2, 5, 6, 6), validationEnd: Int32Array.of(2, 5, 6, 6) } as const; // prettier-ignore
    const validation = heldOut(log, everyoneValidates(log, ofTest), 'validation');
    expect(validation.map(({ history, targets }) => [[...history], [...targets]])).toEqual([[[1], [2]], [[4], [5]]]); // prettier-ignore
    expect(heldOut(log, everyoneValidates(log, ofTest), 'test')).toEqual(heldOut(log, ofTest, 'test'));
  });
});

describe('heldOut', () => {
  const log = logOf([
    [[0], [1], [2], [0]],
    [[3], [4], [3], [5]],
  ]);
  const usersOf = (isSeenKept?: boolean) =>
    (['validation', 'test'] as const).map((part) =>
      heldOut(log, splitLog(log), part, isSeenKept).map(({ user, targets }) => [user, ...targets]),
    );

  it('drops targets that the user already has, and users without another one', () => {
    expect(usersOf()).toEqual([[[0, 2]], [[1, 5]]]);
  });

  it('has all targets where lists may have seen items', () => {
    expect(usersOf(true)).toEqual([
      [[0, 2], [1, 3]],
      [[0, 0], [1, 5]],
    ]); // prettier-ignore
  });
});

describe('repeatedShare', () => {
  it('is the share of the test targets that the user already has', () => {
    const log = logOf([
      [[1, 2, 3], [2, 4, 1, 5]],
      [[1, 2, 3], [4, 5, 6, 1]],
    ]); // prettier-ignore
    expect(repeatedShare(log, splitLog(log))).toBeCloseTo(3 / 8, 12);
    expect(repeatedShare(logOf([[[1]]]), splitLog(logOf([[[1]]])))).toBeNull();
  });
});

describe('trainingCounts', () => {
  it('counts by kind, and says what a list of that moment knows', () => {
    const log = eventLog([[[0, 'PURCHASE', 10], [1, 'VIEW', 20], [0, 'VIEW', 30], [2, 'CART', 40], [3, 'VIEW', 50]]]); // prettier-ignore
    expect([...trainingCounts(log, splitLog(log), 4)]).toEqual([1.1, 0.1, 0, 0]);
    const [one] = heldOut(log, splitLog(log), 'validation');
    expect(one).toMatchObject({ at: 40, times: Float64Array.of(10, 20, 30), kinds: Uint8Array.of(0, 2, 2) });
  });

  it('counts the newest of a user alone, and holds out the newest of all', () => {
    const log = logOf([[[0], [0], ...Array.from({ length: MAX_TRAINED_HISTORY }, () => [1]), [2], [3]]]);
    expect([...trainingCounts(log, splitLog(log), 4)]).toEqual([0, MAX_TRAINED_HISTORY, 0, 0]);
    expect(cases(log, 'test')[0].history).toHaveLength(MAX_TRAINED_HISTORY + 3);
  });
});
