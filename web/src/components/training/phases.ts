import type { TrainingPhase } from '../../graphql/graphql';

/** What a training does, in words, in the order of doing. */
export const PHASES: Readonly<Record<TrainingPhase, string>> = {
  FEATURES: 'Reading the items',
  TOKENIZER: 'Learning codebooks',
  ASSIGNMENT: 'Giving items their semantic IDs',
  SECOND_ITEM_HEAD: 'Learning histories, for the second model',
  SEQ2SEQ: 'Learning histories',
  EVALUATION: 'Measuring',
  SECOND_REFRESH: 'Learning what was held out, for the second model',
  REFRESH: 'Learning what was held out',
  BASELINES: 'Measuring simple methods to compare with',
  DONE: 'Done',
};
