import { enumOf } from './enum-of';
import type * as records from './records';

export const UserErrorCode = enumOf<records.UserErrorCode>('UserErrorCode', 'Kinds of mistake in an input.', {
  NOT_FOUND: 'Nothing has this id.',
  DUPLICATE: 'The same thing is there already, or twice in the input.',
  OUT_OF_RANGE: 'A number outside its range.',
  INVALID: 'A value that means nothing here.',
  TAKEN: 'Another item has this semantic ID.',
  CONFLICT: 'The catalogue has moved on since the version given.',
  TOO_MANY: 'More than one call takes.',
  NO_LIVE_MODEL: 'No model version is active.',
  UNKNOWN_PRESET: 'No preset has this name.',
  ALREADY_RUNNING: 'It runs already.',
  NOT_RUNNING: 'It has ended already.',
  UNUSABLE_CHECKPOINT: "The model version's files are missing or damaged.",
});
