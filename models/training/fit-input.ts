/** What a training is given, what it tells meanwhile, and what it leaves. */
import type { Device } from '../compute/device';
import type { TigerConfig } from '../config';
import type { InteractionLog } from '../data/interactions';
import type { CategoryLevels } from '../evaluation/list-metrics';
import type { MetricValue } from '../evaluation/metrics';
import type { ExperimentOptions } from '../evaluation/report';
import type { SemanticId } from '../semantic-id/semantic-ids';
import type { Tokenizer } from '../semantic-id/tokenizer';
import type { Validation } from './train-seq2seq';

/** `FEATURES` is the caller's: it encodes texts before the training begins. */
export type FitPhase = 'FEATURES' | 'TOKENIZER' | 'ASSIGNMENT' | 'SEQ2SEQ' | 'EVALUATION' | 'DONE';

export interface FitProgress {
  readonly phase: FitPhase;
  readonly step: number;
  readonly totalSteps: number;
  readonly loss: number | null;
  readonly metrics: readonly MetricValue[];
  readonly examplesPerSecond: number | null;
  readonly secondsLeft: number | null;
}

export interface FitInput {
  readonly config: TigerConfig;
  /** Ids under which the item head knows the items, by row; int32 `[N]`. */
  readonly itemIds: Int32Array;
  readonly log: InteractionLog;
  /** Text vectors, one an item; float32 `[N, dims]`. */
  readonly vectors: Float32Array;
  readonly dims: number;
  readonly categories: CategoryLevels;
  /** Null: a training whose model is to serve. */
  readonly experiment: ExperimentOptions | null;
  /** A tokenizer to use instead of training one. */
  readonly tokenizer: Tokenizer | null;
  /** IDs that items already have under that tokenizer, by row; null: the item has none yet. */
  readonly presentIds: readonly (SemanticId | null)[] | null;
  readonly device: Device;
  /** The job's folder: state while it runs, the checkpoint at the end. */
  readonly jobDir: string;
  readonly onProgress: (progress: FitProgress) => void;
  /** Something that the user should know, such as a codebook that is hardly used. */
  readonly onWarning: (message: string) => void;
  readonly signal: AbortSignal;
}

export interface FitResult {
  readonly checkpointDir: string;
  readonly parameterCount: number;
  readonly semanticIds: readonly SemanticId[];
  /** Test split, with intervals; the floors under `floor.…`; the codebooks' use. */
  readonly metrics: readonly MetricValue[];
  /** What every epoch's validation said. */
  readonly validations: readonly Validation[];
}

/** @returns Progress of a phase that measures nothing. */
export function bareProgress(phase: FitPhase, step: number, totalSteps: number): FitProgress {
  return { phase, step, totalSteps, loss: null, metrics: [], examplesPerSecond: null, secondsLeft: null };
}
