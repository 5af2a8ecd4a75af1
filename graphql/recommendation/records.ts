/** A list of recommendations as it crosses the ports. Plain data, no classes. */
import type { ServedArm } from '../experiment/records';
import type { PlacementDefinition } from '../placement/records';
import type { AsOf, RecommendationOptions } from './inputs';
import type {
  AppliedRule,
  Because,
  ListReason,
  Recommendation,
  RecommendationList as List,
  SteeredBy,
  TrendingWindow,
} from './types';

export type { AppliedRule, ListReason, RecommendationSource, TrendingWindow } from './types';

/** One item of a list, as the model's worker made it: the list's order is the ranking. */
export interface RecommendationRecord extends Omit<Recommendation, 'rank'> {
  readonly itemId: number;
  /** The codes that the decoder wrote, coarse to fine; empty when `decoderScore` is null. */
  readonly codes: readonly number[];
  /** One per code; their sum is `decoderScore`. */
  readonly logProbabilities: readonly number[];
  /** Absent: none. */
  readonly rules?: readonly AppliedRule[];
}

export interface BecauseRecord extends Because {
  readonly itemId: number;
}

/** Why a list has nothing in it. */
export type EmptyReason = Extract<ListReason, 'FILTER_ADMITS_NOTHING' | 'ALL_SEEN' | 'NO_FALLBACK' | 'EMPTY_CATALOGUE'>;

export interface SteeredByRecord extends SteeredBy {
  /** The prefix; null: the text is not understood. */
  readonly codes: readonly number[] | null;
}

/** One page of a list, made whole by one model version on one catalogue version. */
export interface RecommendationList extends Omit<List, 'nodes' | 'pageInfo' | 'replayed' | 'steeredBy'> {
  readonly recommendations: readonly RecommendationRecord[];
  readonly modelVersionId: number | null;
  readonly steeredBy: readonly SteeredByRecord[];
  /** How many items the pages before it have. */
  readonly position: number;
  /** Whether more items qualify. */
  readonly hasNextPage: boolean;
  /** The cursors of the first and the last item; null for an empty list. */
  readonly startCursor: string | null;
  readonly endCursor: string | null;
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

/** A state of the past; what is absent follows from the others. */
export interface AsOfArgs extends Omit<AsOf, 'modelVersion'> {
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

export interface RecommendationArgs extends Omit<RecommendationOptions, 'modelVersion'> {
  readonly first: number;
  /** The cursor of an item, such as the `endCursor` of the page before; absent: the first page. */
  readonly after?: string | null;
  /** The time of the trending items; absent: the last week. */
  readonly window?: TrendingWindow | null;
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
