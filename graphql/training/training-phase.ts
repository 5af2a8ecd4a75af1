import { enumOf } from '../common/enum-of';

export type TrainingPhase =
  'FEATURES' | 'TOKENIZER' | 'ASSIGNMENT' | 'SEQ2SEQ' | 'EVALUATION' | 'REFRESH' | 'BASELINES' | 'DONE';

export const TrainingPhase = enumOf<TrainingPhase>('TrainingPhase', 'The phase that a training job is in.', {
  FEATURES: 'It turns item texts into vectors.',
  TOKENIZER: 'It learns the codebooks.',
  ASSIGNMENT: 'It gives each item its semantic ID.',
  SEQ2SEQ: 'It learns to write the next semantic ID.',
  EVALUATION: 'It measures the quality on held-out interactions: the last ones of a third of the users, or of 20,000.',
  REFRESH: 'It learns the held-out interactions too, so that the model serves with all of them.',
  BASELINES: 'It measures simple methods on the same held-out interactions, to compare with.',
  DONE: 'It has ended.',
});
