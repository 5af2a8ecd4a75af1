import { PRESET_NAMES, presetConfig } from '../../models/config';

describe('presetConfig', () => {
  it('has fewer codes for a small catalogue, and never more than the preset', () => {
    const codesFor = (numItems: number) => presetConfig('base', { numItems }).tokenizer.codebookSize;
    expect([0, 100, 1023, 1024, 12_101, 1_000_000].map(codesFor)).toEqual([64, 64, 64, 128, 1024, 1024]);
    expect(presetConfig('tiny', { numItems: 5000 })).toEqual(presetConfig('tiny'));
  });

  it.each(PRESET_NAMES)('splits the batches of %s into whole micro-batches', (name) => {
    const { batchSize, microBatchSize } = presetConfig(name).training;
    expect(batchSize % microBatchSize).toBe(0);
  });
});
