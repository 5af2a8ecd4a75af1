/** What crosses the ports: records as resolvers read them, and arguments as services take them. Plain data, no classes. */

import type { TrainingProgress } from '../training/training-progress';

export type Role = 'READER' | 'WRITER' | 'ADMIN';

// ---- Pages ------------------------------------------------------------------------------------------------------

/** `first` rows after an opaque cursor; `after: null` starts at the beginning. */
export interface PageArgs {
  readonly first: number;
  readonly after: string | null;
}

export interface Page<T> {
  readonly edges: readonly { readonly node: T; readonly cursor: string }[];
  readonly hasNextPage: boolean;
}

// ---- Expected failures ------------------------------------------------------------------------------------------

export type UserErrorCode =
  | 'NOT_FOUND'
  | 'DUPLICATE'
  | 'OUT_OF_RANGE'
  | 'INVALID'
  | 'TAKEN'
  | 'CONFLICT'
  | 'TOO_MANY'
  | 'NO_LIVE_MODEL'
  | 'UNKNOWN_PRESET'
  | 'ALREADY_RUNNING'
  | 'NOT_RUNNING'
  | 'UNUSABLE_CHECKPOINT';

/** What a caller can get wrong; `field` is a path into the mutation's input, such as `['items', '3', 'title']`. */
export interface UserErrorRecord {
  readonly code: UserErrorCode;
  readonly message: string;
  readonly field: readonly string[] | null;
}

// ---- Records ----------------------------------------------------------------------------------------------------

export interface ItemRecord {
  readonly id: number;
  readonly externalId: string;
  readonly title: string;
  readonly description: string | null;
  readonly brand: string | null;
  readonly categories: readonly string[];
  readonly price: number | null;
  readonly attributes: unknown;
  readonly interactionCount: number;
  readonly addedAt: Date;
  readonly removedAt: Date | null;
}

export interface UserRecord {
  readonly id: number;
  readonly externalId: string;
}

export type InteractionKind = 'PURCHASE' | 'VIEW' | 'CART' | 'RATING';

export interface InteractionRecord {
  readonly id: number;
  readonly itemId: number;
  readonly kind: InteractionKind;
  readonly occurredAt: Date;
}

/** An item's codes, coarse to fine; the last is its collision token. */
export interface SemanticIdRecord {
  readonly itemId: number;
  readonly codes: readonly number[];
}

/** A node of the trie: the first codes of one or more semantic IDs. The root has no codes. */
export interface PrefixRecord {
  readonly codes: readonly number[];
  readonly itemCount: number;
}

export type RecommendationSource = 'GENERATED' | 'ITEM_HEAD' | 'COLD_START' | 'POPULARITY';

/** One item of a list, as the model's worker made it: the list's order is the ranking. */
export interface RecommendationRecord {
  readonly itemId: number;
  /**
   * Natural log of the probability under both heads together; for `POPULARITY`, of the item's share of all interactions.
   * Sampling asks the decoder alone.
   */
  readonly score: number;
  readonly source: RecommendationSource;
  /** The decoder's log-probability of the semantic ID; null: the beam search did not find the item. */
  readonly decoderScore: number | null;
  /** The item head's log-probability of the item; null: there is no such head, or it does not know the item. */
  readonly itemHeadScore: number | null;
  /** The codes that the decoder wrote, coarse to fine; empty when `decoderScore` is null. */
  readonly codes: readonly number[];
  /** One a code; their sum is `decoderScore`. */
  readonly logProbabilities: readonly number[];
}

/** Why a list has nothing in it. */
export type EmptyReason = 'FILTER_ADMITS_NOTHING' | 'ALL_SEEN' | 'EMPTY_CATALOGUE';

/** One list, made whole by one model version on one catalogue version. */
export interface RecommendationList {
  readonly recommendations: readonly RecommendationRecord[];
  readonly modelVersionId: number | null;
  readonly catalogueVersion: number;
  /** Null for a list that is not empty, and for one of which no items were asked for. */
  readonly emptyReason: EmptyReason | null;
}

export interface MetricRecord {
  readonly name: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

export type ModelStatus = 'TRAINED' | 'ACTIVE' | 'RETIRED' | 'REJECTED';

export interface ModelVersionRecord {
  readonly id: number;
  readonly number: number;
  readonly status: ModelStatus;
  readonly preset: string;
  readonly device: string;
  readonly parameterCount: number;
  readonly createdAt: Date;
  readonly trainingJobId: number | null;
  readonly metrics: readonly MetricRecord[];
}

export type TrainingStatus = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
export type TrainingPhase = 'FEATURES' | 'TOKENIZER' | 'ASSIGNMENT' | 'SEQ2SEQ' | 'EVALUATION' | 'DONE';

export interface TrainingJobRecord {
  readonly id: number;
  readonly status: TrainingStatus;
  readonly preset: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly progress: TrainingProgressRecord | null;
  readonly modelVersionId: number | null;
  readonly error: string | null;
}

/** Has all that a subscriber reads, so that no event needs a look-up. */
export interface TrainingProgressRecord extends TrainingProgress {
  readonly jobId: number;
}

export interface MetricPointRecord {
  readonly step: number;
  readonly value: number;
}

export type CatalogueChangeKind =
  'ITEMS_ADDED' | 'ITEMS_UPDATED' | 'ITEMS_REMOVED' | 'ITEMS_RESTORED' | 'SEMANTIC_IDS_REASSIGNED' | 'MODEL_ACTIVATED';

export interface CatalogueChangeRecord {
  readonly version: number;
  readonly kind: CatalogueChangeKind;
  readonly itemCount: number;
}

export interface CodebookLevelRecord {
  readonly level: number;
  readonly size: number;
  readonly usedCodes: number;
  /** exp of the entropy of the codes' use: how many codes would do if all were used alike. */
  readonly perplexity: number;
  readonly histogram: readonly number[];
}

export interface CatalogueSummary {
  readonly version: number;
  readonly itemCount: number;
  readonly tokenizedItemCount: number;
  readonly userCount: number;
  readonly interactionCount: number;
}

export interface CollisionSummary {
  /** Items that share all codebook codes with another one. */
  readonly collidingItemCount: number;
  /** The same, as a share of the tokenized items, 0–1. */
  readonly rate: number;
}

/** What a reassignment does beside the items that it names; item ids. */
export interface ReassignmentImpact {
  /** Items that share all codebook codes with another one afterwards, and did not before. */
  readonly collisionsMade: readonly number[];
  /** Items that shared all codebook codes with another one before, and do not afterwards. */
  readonly collisionsSolved: readonly number[];
  /** Items whose nearest neighbours, the items under the longest prefix shared with any, are others afterwards. */
  readonly neighboursChanged: readonly number[];
}

export interface ChangedItemsRecord {
  /** One an entry of the input; null for one that was refused. */
  readonly items: readonly (ItemRecord | null)[];
  readonly catalogueVersion: number;
  readonly userErrors: readonly UserErrorRecord[];
}

export interface ReassignmentRecord {
  readonly changes: readonly {
    readonly itemId: number;
    readonly before: readonly number[] | null;
    readonly after: readonly number[];
  }[];
  /** Null when the call was refused. */
  readonly impact: ReassignmentImpact | null;
  /** The catalogue version that the changes were worked out on; null when the call was refused. */
  readonly baseVersion: number | null;
  /** The catalogue version after the call; null on a dry run, and when the call was refused. */
  readonly catalogueVersion: number | null;
  readonly userErrors: readonly UserErrorRecord[];
}

// ---- Inputs as the ports take them ------------------------------------------------------------------------------

export interface ItemFilterArgs {
  readonly categories?: readonly string[] | null;
  readonly brands?: readonly string[] | null;
  readonly minPrice?: number | null;
  readonly maxPrice?: number | null;
  readonly titleContains?: string | null;
  readonly externalIds?: readonly string[] | null;
  readonly excludeExternalIds?: readonly string[] | null;
  readonly semanticIdPrefix?: readonly number[] | null;
  readonly addedAfter?: Date | null;
}

export interface RecommendationArgs {
  readonly first: number;
  /** Absent or 0: beam search, deterministic. Above 0: sampling. */
  readonly temperature?: number | null;
  readonly seed?: number | null;
  readonly beamWidth?: number | null;
  readonly filter?: ItemFilterArgs | null;
  readonly includeSeen?: boolean | null;
  /** Share of the slots, 0–1, kept for items with no interactions. */
  readonly coldStartShare?: number | null;
}

export interface NewItemArgs {
  readonly externalId: string;
  readonly title: string;
  readonly description?: string | null;
  readonly brand?: string | null;
  readonly categories?: readonly string[] | null;
  readonly price?: number | null;
  readonly attributes?: unknown;
  readonly embedding?: readonly number[] | null;
}

export interface ItemPatchArgs {
  readonly itemId: number;
  readonly title?: string | null;
  readonly description?: string | null;
  readonly brand?: string | null;
  readonly categories?: readonly string[] | null;
  readonly price?: number | null;
  readonly attributes?: unknown;
}

export interface NewInteractionArgs {
  /** The caller's own key for the event; the same key twice records once. */
  readonly eventId?: string | null;
  readonly userExternalId: string;
  readonly itemExternalId: string;
  readonly kind: InteractionKind;
  readonly occurredAt?: Date | null;
}

/** Exactly one of `assignments`, `itemIds`, `prefix` and `all` is given. */
export interface ReassignArgs {
  readonly assignments?: readonly { readonly itemId: number; readonly codes: readonly number[] }[] | null;
  readonly itemIds?: readonly number[] | null;
  readonly prefix?: readonly number[] | null;
  readonly all?: boolean | null;
  readonly dryRun: boolean;
  /** Refuse with `CONFLICT` when the catalogue has moved past this version. */
  readonly ifCatalogueVersion?: number | null;
}
