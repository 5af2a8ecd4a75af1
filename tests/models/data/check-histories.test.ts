import { presetConfig, type PresetName } from '../../../models/config';
import { checkHistories, HistoryError } from '../../../models/data/check-histories';
import { servedSplit, splitLog } from '../../../models/data/interactions';
import { logOf } from '../../support/little-log';

type Users = readonly (readonly (readonly number[])[])[];

const check = (users: Users, preset: PresetName = 'tiny') =>
  checkHistories(logOf(users), { split: splitLog(logOf(users)), fromEach: 2 }, presetConfig(preset).seq2seq);
const checkServed = (users: Users) =>
  checkHistories(logOf(users), { split: servedSplit(logOf(users), 1), fromEach: 0 }, presetConfig('tiny').seq2seq);

describe('checkHistories', () => {
  it.each<PresetName>(['tiny', 'paper'])('takes one history of four for the preset %s', (preset) => {
    expect(() => check([[[0]], [[0], [1], [2], [3]]], preset)).not.toThrow();
  });

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

  it('refuses to learn from nobody', () => {
    expect(() => check([])).toThrow(new HistoryError(
      'histories: expected one of at least 4 interactions, since the last two are held out, got none; import more interactions',
    )); // prettier-ignore
  });

  it('counts orders where histories are made of them and the encoder tells one from those before', () => {
    const orders = [
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8],
    ];
    expect(() => check([orders], 'paper')).toThrow('expected one of at least 4 orders');
    expect(() => check([[...orders, [9, 10, 11]]], 'paper')).not.toThrow();
    expect(() => check([orders], 'tiny')).not.toThrow(); // an item-causal encoder reads the order's own items too
  });
});
