/** The presets' names in the schema. They are lower case everywhere else. */
import { describePresets, type PresetName as PresetOfModel } from '../../models/config';
import { enumOf } from '../common/types';

export type PresetName = Uppercase<PresetOfModel>;

const presets = describePresets().map((preset) => ({ ...preset, key: preset.name.toUpperCase() as PresetName }));

export const PresetName = enumOf(
  'PresetName',
  'The sizes and the schedule of a training: `presets` says what each is for.',
  Object.fromEntries(presets.map(({ key, purpose }) => [key, purpose])) as Record<PresetName, string>,
  Object.fromEntries(presets.map(({ key, name }) => [key, name])) as Record<PresetName, PresetOfModel>,
);
