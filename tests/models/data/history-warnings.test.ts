import { historyWarnings } from '../../../models/data/history-warnings';
import { splitLog } from '../../../models/data/interactions';
import { logOf } from '../../support/little-log';

const warningsOf = (users: readonly (readonly (readonly number[])[])[]) =>
  historyWarnings(logOf(users), splitLog(logOf(users)), 8);

describe('historyWarnings', () => {
  const again = [[0], [1], [2], [0]];
  /** What each of two users has last, the other has before. */
  const anew = (users: number) =>
    Array.from({ length: users }, (_, user) => (user % 2 === 0 ? [[0], [1], [2], [3]] : [[3], [0], [2], [1]]));

  it('advises lists with seen items where most of what is held out are repeats', () => {
    expect(warningsOf([again, again, again, again, ...anew(2)])).toEqual([
      expect.stringMatching(/^histories: 67 % .* includeSeen: true/),
    ]);
    expect(warningsOf([again, again, again, again, ...anew(4)])).toEqual([]);
  });

  it('advises places for cold items where many of what is held out are in no history before', () => {
    const cold = [[0], [1], [2], [7]];
    expect(warningsOf([cold, ...anew(8)])).toEqual([expect.stringMatching(/^histories: 11 % .* coldStartShare/)]);
    expect(warningsOf([cold, ...anew(9)])).toEqual([]);
  });

  it('says that the order is that of the file where all that a user did has one time', () => {
    const orders = [[[0, 1, 2]], [[1, 2, 0]], [[2, 0, 1]]];
    expect(warningsOf([...orders, ...orders])).toEqual([
      expect.stringContaining('the order in which they were recorded'),
    ]);
    const baskets = [[[0, 1, 2], [3, 4, 5]], [[3, 4, 5], [0, 1, 2]]]; // prettier-ignore
    expect(warningsOf([...baskets, ...baskets, ...baskets])).toEqual([]);
  });

  it('says that the figures of few users say nothing', () => {
    expect(warningsOf(anew(4))).toEqual([expect.stringContaining('at least 5 users to test on, got 4')]);
    expect(warningsOf(anew(5))).toEqual([]);
  });
});
