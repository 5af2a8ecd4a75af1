import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const TrainingStatus = enumOf<records.TrainingStatus>('TrainingStatus', 'Where a training job stands.', {
  QUEUED: 'Waits for its turn.',
  RUNNING: 'Trains.',
  SUCCEEDED: 'Left a model version.',
  FAILED: 'Ended with an error.',
  CANCELLED: 'Was stopped.',
});
