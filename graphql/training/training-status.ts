import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const TrainingStatus = enumOf<records.TrainingStatus>('TrainingStatus', 'The status of a training job.', {
  QUEUED: 'It waits until the jobs before it have ended.',
  RUNNING: 'It is training.',
  SUCCEEDED: 'It made a model version.',
  FAILED: 'It ended with an error.',
  CANCELLED: 'It was stopped.',
});
