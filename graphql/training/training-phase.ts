import { enumOf } from '../common/enum-of';

export type TrainingPhase =
  | 'FEATURES'
  | 'TOKENIZER'
  | 'ASSIGNMENT'
  | 'SECOND_ITEM_HEAD'
  | 'SEQ2SEQ'
  | 'EVALUATION'
  | 'SECOND_REFRESH'
  | 'REFRESH'
  | 'BASELINES'
  | 'DONE';

export const TrainingPhase = enumOf<TrainingPhase>('TrainingPhase', 'The phase that a training job is in.', {
  FEATURES: 'It turns item texts into vectors.',
  TOKENIZER: 'It learns the codebooks.',
  ASSIGNMENT: 'It gives each item its semantic ID.',
  SECOND_ITEM_HEAD:
    'It trains the second model, where the preset has one: the scores that are served are the mean of two models.',
  SEQ2SEQ: 'It learns to write the next semantic ID.',
  EVALUATION: 'It measures the quality on held-out interactions: the last ones of a third of the users, or of 20,000.',
  SECOND_REFRESH: 'The second model learns the held-out interactions too.',
  REFRESH: 'It learns the held-out interactions too, so that the model serves with all of them.',
  BASELINES: 'It measures simple methods on the same held-out interactions, to compare with.',
  DONE: 'It has ended.',
});
