import { historyWarnings } from '../../../models/data/history-warnings';
import { splitLog } from '../../../models/data/interactions';
import { logOf } from '../../support/little-log';

const warningsOf = (users: readonly (readonly (readonly number[])[])[]) =>
  historyWarnings(logOf(users), splitLog(logOf(users)));

describe('historyWarnings', () => {
  const [again, anew] = [
    [[0], [1], [2], [0]],
    [[0], [1], [2], [3]],
  ];

  it('advises lists with seen items where most of what is held out are repeats', () => {
    expect(warningsOf([again, again, again, again, anew, anew])).toEqual([
      expect.stringMatching(/^histories: 67 % .* includeSeen: true/),
    ]);
    expect(warningsOf([again, again, again, anew, anew, anew])).toEqual([]);
  });

  it('says that the order is that of the file where all that a user did has one time', () => {
    expect(warningsOf(Array<number[][]>(5).fill([[0, 1, 2]]))).toEqual([
      expect.stringContaining('the order in which they were recorded'),
    ]);
    const baskets = Array<number[][]>(5).fill([[0, 1, 2], [3, 4, 5]]); // prettier-ignore
    expect(warningsOf(baskets)).toEqual([]);
  });

  it('says that the figures of few users say nothing', () => {
    const of = (users: number) => warningsOf(Array<number[][]>(users).fill(anew));
    expect(of(4)).toEqual([expect.stringContaining('at least 5 users to test on, got 4')]);
    expect(of(5)).toEqual([]);
  });
});
