import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const FeedbackKind = enumOf<records.FeedbackKind>('FeedbackKind', 'What became of an item of a list.', {
  SHOWN: 'The user saw it.',
  CLICKED: 'The user opened it.',
  TAKEN: 'The user took it: bought it, played it, or read it to its end.',
  DISMISSED:
    'The user does not want to see it again. No list of the user has it any more; undoDismissals takes that back.',
});
