import { enumOf } from './enum-of';
import type * as records from './records';

const CODES = {
  NOT_FOUND: 'Nothing has this id.',
  DUPLICATE: 'It exists already, or it is in the input twice.',
  OUT_OF_RANGE: 'A number is outside its range.',
  INVALID: 'The value cannot be used here.',
  TAKEN: 'Another item has this semantic ID.',
  CONFLICT: 'The present state does not allow it, for example because it has changed meanwhile.',
  TOO_MANY: 'The input has more entries than one call may have.',
  NO_LIVE_MODEL: 'No model version is active.',
  UNKNOWN_PRESET: 'No preset has this name.',
  ALREADY_RUNNING: 'It is already running.',
  NOT_RUNNING: 'It has already ended.',
  UNUSABLE_CHECKPOINT: "The model version's files are missing or damaged.",
} satisfies Record<records.UserErrorCode, string>;

export const UserErrorCode = enumOf<records.UserErrorCode>(
  'UserErrorCode',
  'The kind of a mistake in an input.',
  CODES,
  {
    ALREADY_RUNNING: 'No mutation gives it: trainings wait for each other.',
  },
);
