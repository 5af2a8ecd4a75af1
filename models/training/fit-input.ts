/** The input, the progress and the result of a training. */
import type { Device } from '../compute/device';
import type { TigerConfig } from '../config';
import { dateSplit, servedSplit } from '../data/date-split';
import { splitLog, type InteractionLog, type Split } from '../data/interactions';
import type { ExperimentOptions } from '../evaluation/experiment-metrics';
import type { SearchHelpers } from '../evaluation/held-out-ranker';
import type { CategoryLevels } from '../evaluation/list-metrics';
import type { MetricValue } from '../evaluation/metrics';
import type { CodeTable, SemanticId } from '../semantic-id/semantic-ids';
import type { SearchedModel } from './measure-model';

/** In their order. `FEATURES` is the caller's: it encodes texts before the training begins. */
export type FitPhase =
  'FEATURES' | 'TOKENIZER' | 'ASSIGNMENT' | 'SEQ2SEQ' | 'EVALUATION' | 'REFRESH' | 'BASELINES' | 'DONE';

export interface FitProgress {
  readonly phase: FitPhase;
  readonly step: number;
  readonly totalSteps: number;
  readonly loss: number | null;
  readonly metrics: readonly MetricValue[];
  readonly examplesPerSecond: number | null;
  readonly secondsLeft: number | null;
}

/** Plain data, so that it can cross a thread. */
export interface FitInput {
  readonly config: TigerConfig;
  /** Ids by which the item head knows the items, by row; int32 `[N]`. */
  readonly itemIds: Int32Array;
  /** Its items are rows of `itemIds`. */
  readonly log: InteractionLog;
  /** Text vectors, one per item; float32 `[N, dims]`. */
  readonly vectors: Float32Array;
  readonly dims: number;
  readonly categories: CategoryLevels;
  /** Null: a training whose model is to serve. It has the phase of refreshing. */
  readonly experiment: ExperimentOptions | null;
  /** A checkpoint whose tokenizer is used; null: one is trained. */
  readonly tokenizerFrom: string | null;
  /** IDs that items already have under that tokenizer. */
  readonly presentCodes: CodeTable | null;
  /** The job's folder: state while it runs, the checkpoint at the end. A folder with state resumes. */
  readonly jobDir: string;
}

/**
 * @returns The split: an experiment holds out interactions of all users, as is published, or by its date; a training whose model is to
 *   serve has one of its own.
 * @throws {HistoryError} When the experiment's date is outside the log.
 */
export function splitOf({ log, config, experiment }: Pick<FitInput, 'log' | 'config' | 'experiment'>): Split {
  if (experiment === null) return servedSplit(log, config.seed);
  return experiment.cut === undefined ? splitLog(log) : dateSplit(log, experiment.cut);
}

/** The device of a training, and the callbacks that it reports to. */
export interface FitRun {
  readonly device: Device;
  readonly onProgress: (progress: FitProgress) => void;
  /** Called with what the user should know, such as a codebook of which few codes are used. */
  readonly onWarning: (message: string) => void;
  readonly signal: AbortSignal;
  /** Called whenever the job's folder has a newer state. The training goes on when it has resolved. */
  readonly onState?: () => Promise<void>;
  /** Opens threads that help to measure a model; it does so only where they are worth their start. Absent: nobody helps. */
  readonly openHelpers?: (model: () => SearchedModel, users: number) => SearchHelpers;
}

/** The figures of one validation; higher is better. They show how a training goes, and decide nothing. */
export type Validation = readonly { readonly name: string; readonly value: number }[];

export interface FitResult {
  readonly checkpointDir: string;
  readonly parameterCount: number;
  readonly semanticIds: readonly SemanticId[];
  /** Figures on test with intervals, those of the baselines under `baseline.…`, and the use of the codebooks. */
  readonly metrics: readonly MetricValue[];
  /** The figures of each epoch's validation. */
  readonly validations: readonly Validation[];
}

/** @returns Progress of a phase that measures nothing. */
export function bareProgress(phase: FitPhase, step: number, totalSteps: number): FitProgress {
  return { phase, step, totalSteps, loss: null, metrics: [], examplesPerSecond: null, secondsLeft: null };
}

/** @returns A function that reports how far a phase is. */
export function progressIn(phase: FitPhase, { onProgress }: Pick<FitRun, 'onProgress'>) {
  return (step: number, totalSteps: number): void => onProgress(bareProgress(phase, step, totalSteps));
}
