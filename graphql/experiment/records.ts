/** Records about experiments, as the ports give and take them. */
import type { Experiment, ExperimentArm } from './types';

export type { ArmRate as ArmRateRecord, ArmStatus, ExperimentMetric } from './types';

export interface NewExperimentArgs extends Pick<Experiment, 'placement' | 'metric' | 'currency'> {
  /** The first is the control arm. */
  readonly arms: readonly NewArmArgs[];
}

export interface NewArmArgs extends Pick<ExperimentArm, 'name' | 'percent' | 'stateNumber'> {
  /** Null: that of the state, or the active one. */
  readonly modelVersionId: number | null;
}

export interface ExperimentRecord extends Experiment {
  readonly id: number;
}

export interface ExperimentFigures {
  /** The control arm first. */
  readonly arms: readonly ArmRecord[];
  /** How likely users are divided as unevenly as they are where all is right. It holds at every look. */
  readonly sampleRatioProbability: number;
}

export interface ArmRecord extends ExperimentArm {
  readonly id: number;
  readonly modelVersionId: number | null;
}

/** The arm that serves a list of a placement whose experiment is running. */
export interface ServedArm {
  /** The arm that the list counts for; null: none. */
  readonly armId: number | null;
  readonly stateNumber: number | null;
  readonly modelVersionId: number | null;
}
