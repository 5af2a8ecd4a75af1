import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const TrainingPhase = enumOf<records.TrainingPhase>('TrainingPhase', 'What a training job is doing.', {
  FEATURES: 'Turning item texts into vectors.',
  TOKENIZER: 'Learning codebooks.',
  ASSIGNMENT: 'Giving each item its semantic ID.',
  SEQ2SEQ: 'Learning to write the next semantic ID.',
  EVALUATION: 'Measuring on held-out interactions.',
  DONE: 'Finished.',
});
