import { presetConfig } from '../../../models/config';
import { servedSplit, splitLog } from '../../../models/data/interactions';
import { isFurther, splitOf } from '../../../models/training/fit-input';
import { walkingLog } from '../../support/little-log';

describe('splitOf', () => {
  const [log, config] = [walkingLog(200, 4, 24), presetConfig('tiny')];

  it('holds out something of all users in an experiment, and of some where the model is to serve', () => {
    const experiment = { withheld: new Int32Array(0), hasDiversity: false };
    expect(splitOf({ log, config, experiment })).toEqual(splitLog(log));
    expect(splitOf({ log, config, experiment: null })).toEqual(servedSplit(log, config.seed));
  });
});

describe('isFurther', () => {
  const ORDER = [
    { phase: 'FEATURES', step: 9 },
    { phase: 'TOKENIZER', step: 1 },
    { phase: 'TOKENIZER', step: 2 },
    { phase: 'SEQ2SEQ', step: 0 },
    { phase: 'DONE', step: 0 },
  ] as const;

  it('orders places by their phase, then by their step', () => {
    const further = ORDER.map((a) => ORDER.map((b) => isFurther(a, b)));
    expect(further).toEqual(ORDER.map((_, i) => ORDER.map((__, j) => i > j)));
  });
});

describe('bareProgress', () => {});
