import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const ModelStatus = enumOf<records.ModelStatus>('ModelStatus', 'Where a model version stands.', {
  TRAINED: 'Ready, and never active so far.',
  ACTIVE: 'It answers.',
  RETIRED: 'Was active; can be again.',
  REJECTED: 'Trained, but no better than the active one.',
});
