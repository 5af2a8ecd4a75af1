/** A list of recommendations as it crosses the ports. Plain data, no classes. */
import type { ServedArm } from '../experiment/records';
import type { InteractionKind } from '../interaction/records';
import type { ItemFilterArgs } from '../item/records';
import type { PlacementDefinition } from '../placement/records';

export type RecommendationSource = 'GENERATED' | 'ITEM_HEAD' | 'EVIDENCE' | 'COLD_START' | 'TRENDING' | 'POPULARITY';

/** A rule of the placement that moved an item. */
export interface AppliedRule {
  readonly kind: 'PIN' | 'BOOST';
  /** Which one of the placement's rules it is, from 0. */
  readonly position: number;
  /** Null: it is a pin. */
  readonly factor: number | null;
  /** Null: it is a boost. */
  readonly place: number | null;
}

/** One item of a list, as the model's worker made it: the list's order is the ranking. */
export interface RecommendationRecord {
  readonly itemId: number;
  /**
   * Natural log of the probability under both heads together; for `POPULARITY`, of the item's share of what counts, and for
   * `TRENDING` of those in the window. Sampling asks the decoder alone.
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
  /** Absent: none. */
  readonly rules?: readonly AppliedRule[];
}

/** An item of the history that counts for a recommendation. */
export interface BecauseRecord {
  readonly itemId: number;
  /** Nats by which the recommendation is less likely without it; null: it is the history's only item. */
  readonly drop: number | null;
  /** The last event with it, and when. */
  readonly kind: InteractionKind;
  readonly at: Date;
}

/** Who made a list: what its first item comes from. */
type Maker = 'MODEL' | 'TRENDING' | 'POPULAR' | 'NEWEST';
/** Why a list has nothing in it. */
export type EmptyReason = 'FILTER_ADMITS_NOTHING' | 'ALL_SEEN' | 'NO_FALLBACK' | 'EMPTY_CATALOGUE';
export type ListReason = Maker | EmptyReason;

/** A prefix whose items are moved up or down. */
export interface SteeredByRecord {
  /** Null: the text is not understood. */
  readonly codes: readonly number[] | null;
  /** For the rank, the probability of its items counts so many times. */
  readonly weight: number;
  /** The part of `steer` that asks for it; null: `more` or `less` does. */
  readonly text: string | null;
}

/** One page of a list, made whole by one model version on one catalogue version. */
export interface RecommendationList {
  readonly recommendations: readonly RecommendationRecord[];
  readonly modelVersionId: number | null;
  readonly catalogueVersion: number;
  readonly reason: ListReason;
  /** Whether it may have what the user has already. */
  readonly includesSeen: boolean;
  /** The number of the placement's state that was in force; null: none. */
  readonly placementState: number | null;
  readonly steeredBy: readonly SteeredByRecord[];
  /** External ids of the subject that no item has. */
  readonly skippedItems: readonly string[];
  /** How many items the pages before it have. */
  readonly position: number;
  /** Whether more items qualify. */
  readonly hasNextPage: boolean;
  /** The cursors of the first and the last item; null for an empty list. */
  readonly startCursor: string | null;
  readonly endCursor: string | null;
  /** Whether other versions made the page before. */
  readonly versionsChanged: boolean;
}

/** The user, visitor or items that a list is for. Without any of it, the list has what is trending. */
export interface ListSubject {
  /** A stored user, whose history comes first; absent or null: none. */
  readonly userId?: number | null;
  /** The external id of a user who is not stored yet. */
  readonly newUser?: string | null;
  /** External ids of items, oldest first, that follow the user's own history. */
  readonly history?: readonly string[] | null;
  /** The external id of the item whose page shows the list: it is the last of the history, and not in the list. */
  readonly item?: string | null;
}

export type TrendingWindow = 'DAY' | 'WEEK' | 'MONTH';

/** A state of the past; what is absent follows from the others. */
export interface AsOfArgs {
  readonly time?: Date | null;
  readonly catalogueVersion?: number | null;
  readonly modelVersionId?: number | null;
}

/** The state that a list of the past is made from. */
export interface FormerState {
  /** Later interactions are left out. */
  readonly time: Date;
  readonly catalogueVersion: number;
  readonly modelVersionId: number;
  /** Items that were live then and are not now. */
  readonly removedSince: readonly number[];
}

export interface RecommendationArgs {
  readonly first: number;
  /** The cursor of an item, such as the `endCursor` of the page before; absent: the first page. */
  readonly after?: string | null;
  /** The time of the trending items; absent: the last week. */
  readonly window?: TrendingWindow | null;
  /** Absent or 0: beam search, deterministic. Above 0: sampling. */
  readonly temperature?: number | null;
  /** Absent: another one for each request. */
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
  /** Prefixes of semantic IDs whose items are moved up, and down. */
  readonly more?: readonly (readonly number[])[] | null;
  readonly less?: readonly (readonly number[])[] | null;
  /** Names in words what to move up and down. */
  readonly steer?: string | null;
  /** How strongly: see `STEER_WEIGHT`. */
  readonly steerWeight?: number | null;
  /** Absent: the active version. */
  readonly modelVersionId?: number | null;
  /** Absent: the present. */
  readonly former?: FormerState | null;
  /** The name of the placement whose stored state is in force; absent: only what counts in all lists is. */
  readonly placement?: string | null;
  /** The state and version of an arm, in place of the placement's newest state and its version; absent: no experiment is running. */
  readonly arm?: ServedArm | null;
  /** Stands in for the state of the placement that is in force. */
  readonly draft?: PlacementDefinition | null;
}
