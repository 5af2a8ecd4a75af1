import { presetConfig, type PresetName } from '../../../models/config';
import { checkHistories, HistoryError, historyWarnings } from '../../../models/data/check-histories';
import { servedSplit } from '../../../models/data/date-split';
import { splitLog } from '../../../models/data/interactions';
import { logOf } from '../../support/little-log';

type Users = readonly (readonly (readonly number[])[])[];

const check = (users: Users, preset: PresetName = 'tiny') =>
  checkHistories(logOf(users), { split: splitLog(logOf(users)), fromEach: 2 }, presetConfig(preset).seq2seq);
const checkServed = (users: Users) =>
  checkHistories(logOf(users), { split: servedSplit(logOf(users), 1), fromEach: 0 }, presetConfig('tiny').seq2seq);

describe('checkHistories', () => {
  it('refuses histories of which holding two out leaves nothing to tell from anything', () => {
    expect(() => check([[[0], [1], [2]], [[3]]])).toThrow(
      'histories: expected one of at least 4 interactions, since the last two are held out, got 2 of at most 3 interactions',
    );
  });

  it('takes one history of two for a model that is to serve, and refuses histories of one', () => {
    expect(() => checkServed([[[0]], [[0], [1]]])).not.toThrow();
    expect(() => checkServed([[[0]], [[1]]])).toThrow(
      new HistoryError(
        'histories: expected one of at least 2 interactions, got 2 of at most 1 interactions; import more interactions',
      ),
    );
  });
});

const warningsOf = (users: readonly (readonly (readonly number[])[])[]) =>
  historyWarnings(logOf(users), splitLog(logOf(users)), 8);

describe('historyWarnings', () => {
  const again = [[0], [1], [2], [0]];
  /** Each of two users has last an item that the other has before. */
  const anew = (users: number) =>
    Array.from({ length: users }, (_, user) => (user % 2 === 0 ? [[0], [1], [2], [3]] : [[3], [0], [2], [1]]));

  it('advises lists with seen items where most of what is held out are repeats', () => {
    expect(warningsOf([again, again, again, again, ...anew(2)])).toEqual([
      expect.stringMatching(/^histories: 67 % .* includeSeen is false/),
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

  it('says when a few users that are hardly people have most of the interactions', () => {
    const robot = Array.from({ length: 1001 }, (_, at) => [at % 2]);
    const people = Array.from({ length: 251 }, () => anew(1)[0]); // 1,004 interactions
    expect(warningsOf([robot, ...people]).join()).not.toContain('robots');
    expect(warningsOf([robot, ...people.slice(1)])).toContainEqual(
      expect.stringMatching(/^histories: 50 % of all interactions are of users .*\(1\), such as robots/),
    );
  });
});
