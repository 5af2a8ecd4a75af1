import { presetConfig } from '../../../models/config';
import { servedSplit, splitLog } from '../../../models/data/interactions';
import { splitOf } from '../../../models/training/fit-input';
import { walkingLog } from '../../support/little-log';

describe('splitOf', () => {
  const [log, config] = [walkingLog(200, 4, 24), presetConfig('tiny')];

  it('holds out something of all users in an experiment, and of some where the model is to serve', () => {
    const experiment = { withheld: new Int32Array(0), hasDiversity: false };
    expect(splitOf({ log, config, experiment })).toEqual(splitLog(log));
    expect(splitOf({ log, config, experiment: null })).toEqual(servedSplit(log, config.seed));
  });
});
