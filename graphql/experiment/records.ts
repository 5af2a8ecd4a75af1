/** Records about experiments, as the ports give them. */
import type { UserErrorRecord } from '../common/records';
import type { PlacementStateRecord } from '../placement/records';

export type ExperimentMetric = 'CLICKED' | 'PURCHASED' | 'REVENUE';

/** The state of an arm. */
export type ArmStatus = 'RUNNING' | 'STOPPED' | 'NO_MODEL';

export interface NewExperimentArgs {
  readonly placement: string;
  readonly metric: ExperimentMetric;
  readonly currency: string | null;
  /** The first is the control arm. */
  readonly arms: readonly NewArmArgs[];
}

export interface NewArmArgs {
  readonly name: string;
  readonly percent: number;
  /** Null: the newest state. */
  readonly stateNumber: number | null;
  /** Null: that of the state, or the active one. */
  readonly modelVersionId: number | null;
}

export interface ExperimentRecord {
  readonly id: number;
  readonly placement: string;
  readonly metric: ExperimentMetric;
  readonly currency: string | null;
  readonly startedAt: Date;
  readonly stoppedAt: Date | null;
}

export interface ExperimentPayloadRecord {
  readonly experiment: ExperimentRecord | null;
  readonly userErrors: readonly UserErrorRecord[];
}

export interface PromotedArmRecord extends ExperimentPayloadRecord {
  /** The newest state afterwards; null: nothing is stored, or the call was refused. */
  readonly placementState: PlacementStateRecord | null;
}

export interface ExperimentFigures {
  /** The control arm first. */
  readonly arms: readonly ArmRecord[];
  /** How likely users are divided as unevenly as they are where all is right. It holds at every look. */
  readonly sampleRatioProbability: number;
}

export interface ArmRecord extends NewArmArgs {
  readonly id: number;
  readonly isControl: boolean;
  readonly status: ArmStatus;
  readonly stoppedAt: Date | null;
  readonly users: number;
  readonly lists: number;
  readonly clicked: ArmRateRecord;
  readonly purchased: ArmRateRecord;
  /** Null: the experiment counts none. */
  readonly revenue: ArmRateRecord | null;
}

/** A value, and its interval, which holds at every look. */
export interface EstimateRecord {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface ArmRateRecord {
  readonly total: number;
  readonly perList: number;
  /** Null: there is too little to tell. */
  readonly low: number | null;
  readonly high: number | null;
  /** From the control arm; null: there is too little to tell, or this is the control arm. */
  readonly difference: EstimateRecord | null;
}

/** The arm that serves a list of a placement whose experiment is running. */
export interface ServedArm {
  /** The arm that the list counts for; null: none. */
  readonly armId: number | null;
  readonly stateNumber: number | null;
  readonly modelVersionId: number | null;
}
