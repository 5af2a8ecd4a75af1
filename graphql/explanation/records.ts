/** Explanations of lists, as they cross the ports. */
import type { BecauseRecord, RecommendationArgs } from '../recommendation/records';

/** Why a list does not have an item, in the order in which they are looked at. */
export type WhyNotReason =
  | 'LISTED'
  | 'REMOVED'
  | 'UNAVAILABLE'
  | 'FILTER'
  | 'PLACEMENT'
  | 'SEEN'
  | 'DISMISSED'
  | 'SHOWN'
  | 'EARLIER_PAGE'
  | 'GROUP'
  | 'NO_MODEL'
  | 'NO_CODES'
  | 'STEERED'
  | 'BEAM'
  | 'LESS_LIKELY';

export type WhyNotChange =
  | 'RESTORE_ITEM'
  | 'MAKE_AVAILABLE'
  | 'DROP_CONDITION'
  | 'CHANGE_PLACEMENT'
  | 'INCLUDE_SEEN'
  | 'UNDO_DISMISSAL'
  | 'LIST_SHOWN'
  | 'LIST_WHOLE_GROUPS'
  | 'GIVE_HISTORY'
  | 'GIVE_CODES'
  | 'NO_STEERING'
  | 'WIDER_BEAM'
  | 'LONGER_LIST';

export interface WouldHelpRecord {
  readonly change: WhyNotChange;
  readonly text: string;
}

/** The deed of the user with the item; kind VIEW for one that the request names. */
export type SeenEventRecord = Pick<BecauseRecord, 'kind' | 'at'>;

/** The prefix of the item's semantic ID that the beam did not keep. */
export interface BeamDropRecord {
  /** The level of its last code. */
  readonly level: number;
  /** Empty for a version whose codes name other prefixes than those of the catalogue. */
  readonly codes: readonly number[];
  readonly logProbability: number;
  readonly lastKept: number;
}

export interface WhyNotRecord {
  readonly itemId: number;
  /** The first comes first: it would hold without the others too. */
  readonly reasons: readonly WhyNotReason[];
  readonly text: string;
  /** The place in the list or, for an item that was left out, the one that it would have if nothing hid it; null: none. */
  readonly place: number | null;
  /** The score by all parts of the model; null: no model makes the list, or it does not know the item. */
  readonly score: number | null;
  /** The score of the list's last item that a model recommends, in the same way. */
  readonly lastScore: number | null;
  /** @returns The item's place among all items of the catalogue; null: it is not among the first 5,000. */
  readonly rank: () => Promise<number | null>;
  /** Names of the conditions of the filter that it does not meet. */
  readonly conditions: readonly string[];
  readonly seen: SeenEventRecord | null;
  /** The item of its group that stands for it, or that the list leaves out. */
  readonly groupItemId: number | null;
  readonly beam: BeamDropRecord | null;
  readonly wouldHelp: readonly WouldHelpRecord[];
}

export interface CompareVersionsArgs {
  /** Versions of the lists; `modelVersionId` is the version that is compared with the active one. */
  readonly list: RecommendationArgs & { readonly modelVersionId: number };
  readonly users: number;
  /** Equal seeds give equal samples of the same users. */
  readonly seed: number;
}

/** Counts over the lists of one version. */
export interface CoverageRecord {
  readonly modelVersionId: number | null;
  /** How many items are in at least one list, and their share of the live items. */
  readonly items: number;
  readonly share: number;
}

export interface VersionComparisonRecord {
  /** How many users were compared. */
  readonly users: number;
  /** The mean share of a list's items that both versions have. */
  readonly overlap: number;
  /** The share of users whose first item is the same. */
  readonly sameFirst: number;
  /** Mean number of places by which the items that both lists have differ; null: no lists have items in common. */
  readonly meanShift: number | null;
  readonly active: CoverageRecord;
  readonly other: CoverageRecord;
  /** The users whose lists have the least in common, at most 5. */
  readonly mostChanged: readonly number[];
}
