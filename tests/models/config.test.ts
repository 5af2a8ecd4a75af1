import { describePresets, isPresetName, PRESET_NAMES, presetConfig } from '../../models/config';

describe('isPresetName', () => {
  it('knows the presets, and no name of an object', () => {
    expect(PRESET_NAMES.every(isPresetName)).toBe(true);
    expect(['huge', 'constructor', ''].some(isPresetName)).toBe(false);
  });
});

describe('describePresets', () => {
  it('says what each is for, and for how many items it has semantic IDs', () => {
    expect(describePresets().map(({ name }) => name)).toEqual(PRESET_NAMES);
    const ofTiny = { name: 'tiny', purpose: expect.stringContaining('weak'), maxItems: 8 ** 3 };
    expect(describePresets()).toContainEqual(ofTiny);
  });
});

describe('presetConfig', () => {
  it('has the seed given, and 1 without one', () => {
    expect(PRESET_NAMES.map((name) => presetConfig(name, 7).seed)).toEqual(PRESET_NAMES.map(() => 7));
    expect(presetConfig('tiny').seed).toBe(1);
  });

  it('has fewer codes for a small catalogue, and never more than the preset', () => {
    const codesFor = (numItems: number) => presetConfig('base', 1, numItems).tokenizer.codebookSize;
    expect([0, 100, 1023, 1024, 12_101, 1_000_000].map(codesFor)).toEqual([64, 64, 64, 128, 1024, 1024]);
    expect(presetConfig('tiny', 1, 5000)).toEqual(presetConfig('tiny'));
  });

  it.each(PRESET_NAMES)('splits the batches of %s into whole micro-batches', (name) => {
    const { batchSize, microBatchSize } = presetConfig(name).training;
    expect(batchSize % microBatchSize).toBe(0);
  });
});
