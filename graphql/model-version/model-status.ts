import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const ModelStatus = enumOf<records.ModelStatus>('ModelStatus', 'The status of a model version.', {
  TRAINED: 'It has not been active yet and can be activated.',
  ACTIVE: 'It makes the recommendations.',
  RETIRED: 'It was active before and can be activated again.',
  REJECTED: 'It was clearly worse than the version that was active, or than one that became active meanwhile.',
});
