/** The messages between threads: plain data and transferable buffers. */
import type { Checkpoint } from '../../models/checkpoint/checkpoint';
import type { DeviceKind } from '../../models/compute/device';
import type { InteractionLog } from '../../models/data/interactions';
import type { DroppedPrefix } from '../../models/decoding/beam-watch';
import type { Candidates, Recommendation } from '../../models/decoding/mixture';
import type { CodeChange } from '../../models/decoding/trie';
import type { SearchPass } from '../../models/evaluation/held-out-ranker';
import type { PackedTexts } from '../../models/math/packed-texts';
import type { CodeTable } from '../../models/semantic-id/semantic-ids';
import type { TigerRequest } from '../../models/serving/tiger-request';
import type { FitInput, FitProgress, FitResult } from '../../models/training/fit-input';
import type { SearchedModel } from '../../models/training/measure-model';

export type { CodeTable } from '../../models/semantic-id/semantic-ids';

// ---- Recommending -----------------------------------------------------------------------------------------------

/** A model that is to be opened and compiled, without codes, for a later `load`: so that this takes less time. */
export interface ModelToPrepare {
  readonly modelVersionId: number;
  readonly checkpointDir: string;
}

/** A model that is to go live. */
export interface ModelToLoad extends ModelToPrepare {
  readonly tokenizerId: number;
  /** Every item that has codes under the model's tokenizer. */
  readonly table: CodeTable;
  /** One per row of the table: 1 for a live item, 0 for a removed one, whose codes histories still read. */
  readonly live: Uint8Array;
  readonly catalogueVersion: number;
}

/** One change of the log, with the items whose codes it changed. */
export interface CodeChanges {
  readonly catalogueVersion: number;
  readonly changes: readonly CodeChange[];
}

/** Parts of a `TigerRequest` that need no semantic IDs. */
type PlainRequest = Pick<
  TigerRequest,
  'userKey' | 'at' | 'first' | 'beamWidth' | 'temperature' | 'seed' | 'pinned' | 'spare' | 'shelves'
>;

export interface RecommendOne extends PlainRequest {
  /** Item ids, oldest first. */
  readonly history: readonly number[];
  /** When each of `history` happened, in milliseconds since 1970. */
  readonly times: readonly number[];
  /** The kind of each of `history`, as an index into `KINDS`. */
  readonly kinds: readonly number[];
  /** How many events each of `history` stands for: see `runsOf`. */
  readonly counts: readonly number[];
  /** Only these items may be in the list; null: all. */
  readonly allow: AllowList | null;
  /** These items may not be in the list. */
  readonly deny: Int32Array;
  /** Whether the list may have items of the history, for which the heads have weights of their own. */
  readonly isSeenKept: boolean;
  /** Items whose probability counts `factor` times for their rank; absent: none. */
  readonly boosts?: readonly ListBoost[];
  /** An item of which the list says where the beam dropped it, of a temperature of 0. */
  readonly watched?: number;
}

export interface ListBoost {
  readonly items: AllowList;
  readonly factor: number;
}

export interface AllowList {
  /** Equal ids mean equal lists: the worker keeps what it counted for one. Null: the list is used once. */
  readonly id: number | null;
  readonly itemIds: Int32Array;
}

/** One user's list and the versions that made it. */
export interface VersionedList {
  readonly modelVersionId: number;
  readonly catalogueVersion: number;
  readonly recommendations: readonly Recommendation[];
  /** Where the beam dropped the watched item; absent: it found it, or none is watched. */
  readonly dropped?: DroppedPrefix;
}

export interface RecommendReply {
  /** One per user, all made by the same versions. */
  readonly lists: readonly VersionedList[];
  /** When the worker began and ended, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** Asks for the directions of item texts: see `TextSpace`. */
export interface TextDirectionsRequest {
  readonly type: 'text-directions';
  readonly items: readonly { readonly itemId: number; readonly vector: Float32Array }[];
}

export interface TextDirectionsReply {
  /** The model that made the directions. */
  readonly modelVersionId: number;
  /** Item id → direction of length 1. Items whose vector has not the width that the model reads are left out. */
  readonly directions: ReadonlyMap<number, Float32Array>;
}

/** Requests that need a model fail with `NoLiveModelError` until one is live. `load` puts a model in the live one's place. */
export interface DecodeProtocol {
  /** Reads and verifies a checkpoint, into memory that threads share. */
  read: { request: { readonly type: 'read'; readonly checkpointDir: string }; reply: Checkpoint };
  prepare: { request: { readonly type: 'prepare'; readonly checkpoint: Checkpoint } & ModelToPrepare; reply: null };
  load: { request: { readonly type: 'load'; readonly checkpoint: Checkpoint } & ModelToLoad; reply: null };
  apply: { request: { readonly type: 'apply' } & CodeChanges; reply: null };
  recommend: {
    request: { readonly type: 'recommend'; readonly users: readonly RecommendOne[] };
    reply: RecommendReply;
  };
  /** Null: the live model has no text space. */
  'text-directions': { request: TextDirectionsRequest; reply: TextDirectionsReply | null };
  /** See `Tiger.nearTexts`. */
  'near-texts': {
    request: { readonly type: 'near-texts'; readonly vectors: readonly Float32Array[]; readonly size: number };
    reply: readonly Int32Array[] | null;
  };
}

export interface DecodeWorkerData {
  readonly backend: DeviceKind | 'auto';
  /** How many threads a batch of several users may use. */
  readonly threads: number;
}

// ---- Encoding text and assigning codes --------------------------------------------------------------------------

export type EncodeWorkerData = Pick<DecodeWorkerData, 'backend'>;

/** Vectors that get codes by the tokenizer of a checkpoint. */
interface AssignRequest {
  readonly type: 'assign-codes';
  readonly checkpointDir: string;
  /** float32 `[N, dims]`. */
  readonly vectors: Float32Array;
  readonly dims: number;
}

export interface CodesReply {
  readonly codes: Int32Array;
}

export interface EncodeProtocol {
  /** The reply is float32 `[texts, SENTENCE_DIMS]`, each row of length 1. */
  'encode-texts': {
    request: { readonly type: 'encode-texts'; readonly texts: readonly string[] };
    reply: { readonly vectors: Float32Array };
  };
  /** The reply is int32 `[N, L]`, without collision tokens. */
  'assign-codes': { request: AssignRequest; reply: CodesReply };
}

// ---- Training ---------------------------------------------------------------------------------------------------

/** The histories, which may have millions of users. */
export interface TrainLog extends Omit<InteractionLog, 'userKeys'> {
  readonly userKeys: PackedTexts;
}

/** Before it reaches the worker, rows of items without a vector are NaN; `runTraining` encodes them from their text. */
export interface TrainRequest extends Omit<FitInput, 'log'> {
  readonly type: 'train';
  readonly jobId: number;
  readonly log: TrainLog;
  /** Text of each item row. */
  readonly texts: PackedTexts;
  /** Where the worker puts a copy of each state of the job, in a folder of its own, before it tells of it; absent: nobody wants them. */
  readonly statesDir?: string;
}

export interface TrainResult extends Omit<FitResult, 'semanticIds'> {
  readonly device: string;
  /** Codes with collision token of every item trained on, in the order of `itemIds`. */
  readonly table: CodeTable;
}

export type TrainEvent =
  | { readonly type: 'progress'; readonly progress: FitProgress }
  | { readonly type: 'warning'; readonly message: string }
  /** The receiver owns the folder. */
  | { readonly type: 'state'; readonly dir: string };

export interface TrainProtocol {
  train: { request: TrainRequest; reply: TrainResult; event: TrainEvent };
}

export type TrainWorkerData = Pick<DecodeWorkerData, 'backend'>;

// ---- Searching for a training that measures its model -------------------------------------------------------------

/** See `packModel`. */
export interface PackedModel extends Omit<SearchedModel, 'evaluation'> {
  readonly evaluation: Omit<SearchedModel['evaluation'], 'log' | 'semanticIds'> & {
    readonly log: TrainLog;
    /** Codes of each item row; int32 `[N, idLength]`. */
    readonly codes: Int32Array;
    readonly idLength: number;
  };
}

export interface SearchProtocol {
  /** The model of all later requests. */
  open: { request: { readonly type: 'open'; readonly model: PackedModel }; reply: null };
  candidates: {
    request: { readonly type: 'candidates'; readonly pass: SearchPass; readonly at: number };
    reply: readonly Candidates[];
  };
}
