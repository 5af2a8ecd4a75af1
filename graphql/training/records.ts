/** Records about trainings, as the ports give them. */
import type { PresetName } from './presets';
import type { TrainingProgress } from './types';

export type TrainingStatus = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

export interface TrainingJobRecord {
  readonly id: number;
  readonly status: TrainingStatus;
  readonly preset: string;
  readonly seed: number;
  readonly reuseTokenizer: boolean;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly progress: TrainingProgressRecord | null;
  readonly modelVersionId: number | null;
  readonly error: string | null;
}

/** Has all that a subscriber needs, so that no second query is made. */
export interface TrainingProgressRecord extends TrainingProgress {
  readonly jobId: number;
}

export interface MetricPointRecord {
  readonly step: number;
  readonly value: number;
}

/** Both ends belong to it; what is absent is no end. */
export interface StepRange {
  readonly fromStep?: number | null;
  readonly toStep?: number | null;
}

/** The sizes and the schedule of a training, by name. */
export interface PresetRecord {
  readonly name: Lowercase<PresetName>;
  /** The shops that it is for, and what it takes. */
  readonly purpose: string;
  /** The items for which it has semantic IDs; null: more than any shop has. */
  readonly maxItems: number | null;
}
