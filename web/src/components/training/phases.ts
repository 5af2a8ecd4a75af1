import type { TrainingPhase } from '../../graphql/graphql';

export const PHASES: Readonly<Record<TrainingPhase, string>> = {
  FEATURES: 'Reading the items',
  TOKENIZER: 'Learning codebooks',
  ASSIGNMENT: 'Giving semantic IDs',
  SECOND_ITEM_HEAD: 'Learning histories, for the second model',
  SEQ2SEQ: 'Learning histories',
  EVALUATION: 'Measuring',
  SECOND_REFRESH: 'Learning what was held out, for the second model',
  REFRESH: 'Learning what was held out',
  BASELINES: 'Comparing with simple methods',
  DONE: 'Done',
};

/** Which stage a phase belongs to, where it is not one of its own: only some presets have a second model. */
const STAGE_OF: Partial<Readonly<Record<TrainingPhase, TrainingPhase>>> = {
  SECOND_ITEM_HEAD: 'SEQ2SEQ',
  SECOND_REFRESH: 'REFRESH',
};

/** @returns The stages that a job goes through, named by their last phases, and the place of the one that it is in. */
export function stagesOf(
  { reuseTokenizer }: { readonly reuseTokenizer: boolean },
  phase: TrainingPhase,
): { readonly stages: readonly TrainingPhase[]; readonly active: number } {
  const skipped = (stage: TrainingPhase) => stage in STAGE_OF || (stage === 'TOKENIZER' && reuseTokenizer);
  const stages = (Object.keys(PHASES) as TrainingPhase[]).slice(0, -1).filter((stage) => !skipped(stage));
  const active = phase === 'DONE' ? stages.length : stages.indexOf(STAGE_OF[phase] ?? phase);
  return { stages, active };
}
