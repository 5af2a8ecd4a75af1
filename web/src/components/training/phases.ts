import type { TrainingPhase } from '../../graphql/graphql';

/** What a training does, in words, in the order of doing. */
export const PHASES: Readonly<Record<TrainingPhase, string>> = {
  FEATURES: 'Reading the items',
  TOKENIZER: 'Learning codebooks',
  ASSIGNMENT: 'Giving items their semantic IDs',
  SEQ2SEQ: 'Learning histories',
  EVALUATION: 'Measuring',
  REFRESH: 'Learning what was held out',
  BASELINES: 'Measuring simple methods to compare with',
  DONE: 'Done',
};
