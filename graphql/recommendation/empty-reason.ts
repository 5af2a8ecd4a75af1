import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const EmptyReason = enumOf<records.EmptyReason>('EmptyReason', 'Why a list of recommendations is empty.', {
  FILTER_ADMITS_NOTHING: 'No item of the catalogue passes the filter.',
  ALL_SEEN:
    'The user has had every item that qualifies, and `includeSeen` was not asked for; or has dismissed the others, or was shown them since `excludeShownSince`.',
  EMPTY_CATALOGUE: 'There are no items.',
});
