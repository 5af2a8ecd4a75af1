/** What crosses the threads: plain data and transferable buffers. A worker answers each request by its number. */
import type { TrainingPhase } from '../../graphql/common/records';
import type { DeviceKind } from '../../models/compute/device';
import type { CodeTable } from '../../models/semantic-id/code-table';
import type { FitInput, FitProgress } from '../../models/training/fit-input';

export type { CodeTable } from '../../models/semantic-id/code-table';

// ---- Recommending -----------------------------------------------------------------------------------------------

export interface LoadModelRequest {
  readonly type: 'load';
  readonly modelVersionId: number;
  readonly tokenizerId: number;
  readonly checkpointDir: string;
  /** Every item that has codes under the model's tokenizer; `live[r]` is 0 for a removed item (histories still read it). */
  readonly table: CodeTable;
  readonly live: Uint8Array;
  readonly catalogueVersion: number;
}

/** Goes back to the model that was live before, which the worker still holds with its trie. */
export interface ResumeModelRequest {
  readonly type: 'resume';
  readonly modelVersionId: number;
  readonly catalogueVersion: number;
  /** The last change that its codes had followed when it was last live anywhere: one held from before that has missed some. */
  readonly since: number;
  /** What has become of its items since then; null: its tokenizer is that of the live model, whose trie it takes. */
  readonly changes: readonly CodeChange[] | null;
}

/** An item's codes from now on; null: it leaves the trie. */
export interface CodeChange {
  readonly itemId: number;
  readonly codes: readonly number[] | null;
}

/** Items whose codes changed, in the order of the log. */
export interface ApplyChangesRequest {
  readonly type: 'apply';
  readonly catalogueVersion: number;
  readonly changes: readonly CodeChange[];
}

export interface RecommendOne {
  /** Hash key of the user token; null for an anonymous history. */
  readonly userKey: string | null;
  /** Item ids, oldest first. */
  readonly history: readonly number[];
  readonly first: number;
  readonly beamSize: number;
  readonly temperature: number;
  readonly seed: number;
  /** Only these items; null: all. */
  readonly allow: AllowList | null;
  /** Never these. */
  readonly deny: Int32Array;
}

export interface AllowList {
  /** Equal ids name equal lists, whose counts over the trie are kept; null: a list that does not come again. */
  readonly id: number | null;
  readonly itemIds: Int32Array;
}

export interface RecommendRequest {
  readonly type: 'recommend';
  readonly users: readonly RecommendOne[];
}

export interface RecommendedItem {
  readonly itemId: number;
  /** Natural log of the probability under both heads together. */
  readonly score: number;
  /** Whether the decoder's part of it is at least as large as the item head's. */
  readonly isMostlyGenerated: boolean;
  /** The decoder's log-probability of the semantic ID; null: its beam has not come to the item. */
  readonly decoderScore: number | null;
  /** The item head's log-probability; null: there is no such head, or it does not know the item. */
  readonly itemHeadScore: number | null;
  /** What the decoder wrote; empty: its beam has not come to the item. */
  readonly codes: readonly number[];
  /** One a code; they add up to `decoderScore`. */
  readonly logProbabilities: readonly number[];
}

export interface RecommendReply {
  readonly modelVersionId: number;
  readonly catalogueVersion: number;
  readonly lists: readonly (readonly RecommendedItem[])[];
}

/** Asks for texts as directions: see `TextSpace`. */
export interface TextDirectionsRequest {
  readonly type: 'text-directions';
  readonly items: readonly { readonly itemId: number; readonly vector: Float32Array }[];
}

export interface TextDirectionsReply {
  /** Whose directions they are. */
  readonly modelVersionId: number;
  /** By item id, each of length 1; without the items whose vector is not of the width that the model reads. */
  readonly directions: ReadonlyMap<number, Float32Array>;
}

/** The worker's events and replies; what asks the model fails with `NoLiveModelError` until one is loaded. */
export interface RecommendProtocol {
  load: { request: LoadModelRequest; reply: { readonly device: string }; event: never };
  /** `isResumed: false`: the worker does not hold that model any more, and goes on with the one it has. */
  resume: { request: ResumeModelRequest; reply: { readonly isResumed: boolean }; event: never };
  apply: { request: ApplyChangesRequest; reply: null; event: never };
  recommend: { request: RecommendRequest; reply: RecommendReply; event: never };
  /** Null: the live model was made before models knew texts. */
  'text-directions': { request: TextDirectionsRequest; reply: TextDirectionsReply | null; event: never };
}

export interface RecommendWorkerData {
  readonly backend: DeviceKind | 'auto';
}

// ---- Encoding text and assigning codes --------------------------------------------------------------------------

export interface EncodeTextsRequest {
  readonly type: 'encode-texts';
  readonly texts: readonly string[];
}
/** float32 `[texts, dims]`, each row of length 1. */
export interface EncodeTextsReply {
  readonly vectors: Float32Array;
  readonly dims: number;
}

export interface AssignCodesRequest {
  readonly type: 'assign-codes';
  readonly checkpointDir: string;
  /** float32 `[N, dims]`. */
  readonly vectors: Float32Array;
  readonly dims: number;
}
/** int32 `[N, L]`, without collision tokens. */
export interface AssignCodesReply {
  readonly codes: Int32Array;
  readonly numLevels: number;
}

export interface RankLastLevelRequest {
  readonly type: 'rank-last-level';
  readonly checkpointDir: string;
  /** float32 `[N, dims]`. */
  readonly vectors: Float32Array;
  readonly dims: number;
}
/** int32 `[N, K]`: of each vector all codes of the last level, nearest first. */
export interface RankLastLevelReply {
  readonly codes: Int32Array;
}

export interface EncodeProtocol {
  'encode-texts': { request: EncodeTextsRequest; reply: EncodeTextsReply };
  'assign-codes': { request: AssignCodesRequest; reply: AssignCodesReply };
  'rank-last-level': { request: RankLastLevelRequest; reply: RankLastLevelReply };
}

// ---- Training ---------------------------------------------------------------------------------------------------

/** Before it reaches the worker, rows of items without a vector are NaN; `runTraining` encodes them from their text. */
export interface TrainRequest extends FitInput {
  readonly type: 'train';
  readonly jobId: number;
  /** Of each item row. */
  readonly texts: readonly string[];
}

export interface TrainProgress extends Omit<FitProgress, 'phase'> {
  readonly type: 'progress';
  readonly phase: TrainingPhase;
}

export interface TrainResult {
  readonly type: 'result';
  readonly checkpointDir: string;
  readonly device: string;
  readonly parameterCount: number;
  /** Codes with collision token of every item trained on, in the order of `itemIds`. */
  readonly table: CodeTable;
  /** Text vectors that had to be made, by row. */
  readonly encoded: { readonly rows: Int32Array; readonly vectors: Float32Array };
  readonly metrics: readonly {
    readonly name: string;
    readonly value: number;
    readonly low: number | null;
    readonly high: number | null;
  }[];
  /** What every epoch's validation said. */
  readonly validations: readonly TrainProgress['metrics'][];
}

/** The train worker's result, to which the caller adds the vectors that it made itself. */
export interface TrainProtocol {
  train: {
    request: TrainRequest;
    reply: Omit<TrainResult, 'encoded'>;
    event: TrainProgress | { readonly type: 'warning'; readonly message: string };
  };
}

export interface TrainWorkerData {
  readonly backend: DeviceKind | 'auto';
}
