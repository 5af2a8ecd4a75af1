/** Records about trainings, as the ports give them. */
import type { CurveInput } from './inputs';
import type { PresetName } from './presets';
import type { Preset, TrainingJob, TrainingProgress } from './types';

export type { MetricPoint as MetricPointRecord, TrainingStatus } from './types';

export interface TrainingJobRecord extends TrainingJob {
  readonly id: number;
  readonly modelVersionId: number | null;
}

/** Has all that a subscriber needs, so that no second query is made. */
export interface TrainingProgressRecord extends TrainingProgress {
  readonly jobId: number;
}

/** Both ends belong to it; what is absent is no end. */
export type StepRange = Pick<CurveInput, 'fromStep' | 'toStep'>;

export interface PresetRecord extends Preset {
  readonly name: Lowercase<PresetName>;
}
