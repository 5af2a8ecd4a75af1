import type { TrainingPhase } from '../../graphql/graphql';

export const PHASES: Readonly<Record<TrainingPhase, string>> = {
  FEATURES: 'Reading the items',
  TOKENIZER: 'Learning codebooks',
  ASSIGNMENT: 'Giving semantic IDs',
  SEQ2SEQ: 'Learning histories',
  EVALUATION: 'Measuring',
  REFRESH: 'Learning what was held out',
  BASELINES: 'Comparing with simple methods',
  DONE: 'Done',
};

/** @returns The stages that a job goes through, named by their phases, and the place of the one that it is in. */
export function stagesOf(
  { reuseTokenizer }: { readonly reuseTokenizer: boolean },
  phase: TrainingPhase,
): { readonly stages: readonly TrainingPhase[]; readonly active: number } {
  const skipped = (stage: TrainingPhase) => stage === 'TOKENIZER' && reuseTokenizer;
  const stages = (Object.keys(PHASES) as TrainingPhase[]).slice(0, -1).filter((stage) => !skipped(stage));
  const active = phase === 'DONE' ? stages.length : stages.indexOf(phase);
  return { stages, active };
}
