/** A list of recommendations as it crosses the ports. Plain data, no classes. */
import type { ItemFilterArgs } from '../item/records';

export type RecommendationSource = 'GENERATED' | 'ITEM_HEAD' | 'EVIDENCE' | 'COLD_START' | 'POPULARITY';

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
  /** One per code; their sum is `decoderScore`. */
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

export interface RecommendationArgs {
  readonly first: number;
  /** Absent or 0: beam search, deterministic. Above 0: sampling. */
  readonly temperature?: number | null;
  readonly seed?: number | null;
  readonly beamWidth?: number | null;
  readonly filter?: ItemFilterArgs | null;
  readonly includeSeen?: boolean | null;
  /** Absent: true. */
  readonly oncePerGroup?: boolean | null;
  /** Absent: what the user was shown may come again. */
  readonly excludeShownSince?: Date | null;
  /** Share of the places, 0–1, kept for items that the model has not learned yet. */
  readonly coldStartShare?: number | null;
  /** Absent: the active version. */
  readonly modelVersionId?: number | null;
}
