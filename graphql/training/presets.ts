/** The names of presets in the schema. They are lower case everywhere else. */
import { enumOf } from '../common/types';

export const PresetName = enumOf(
  'PresetName',
  'The sizes and the schedule of a training: `presets` says what each is for.',
  {
    DEMO: 'For shops like the demo shop.',
    BASE: 'For larger shops.',
    PAPER: 'As the TIGER paper has it.',
    TINY: 'To try things out.',
  },
  { DEMO: 'demo', BASE: 'base', PAPER: 'paper', TINY: 'tiny' },
);
export type PresetName = keyof typeof PresetName;
