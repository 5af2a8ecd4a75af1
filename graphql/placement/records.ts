/** Records about placements, as the ports give them, and as the database keeps them: plain data. */
import type { UserErrorRecord } from '../common/records';
import type { ItemFilterArgs } from '../item/records';
import type { TrendingWindow } from '../recommendation/records';

/** The placement whose hide rules count in every list of the shop. */
export const SHOP_WIDE = '*';

/** The items that fill a list where the model has too little. */
export type PlacementFallback = 'TRENDING' | 'POPULAR' | 'NOTHING';

/** The fields of an item of which a list may have at most so many alike. */
export type QuotaField = 'CATEGORY' | 'BRAND' | 'GROUP';

/** How lists are made; a field that is absent or null says nothing. */
export interface PlacementOptionsRecord {
  readonly filter?: ItemFilterArgs | null;
  readonly includeSeen?: boolean | null;
  readonly oncePerGroup?: boolean | null;
  readonly coldStartShare?: number | null;
  readonly temperature?: number | null;
  readonly beamWidth?: number | null;
}

/** Exactly one is given. */
export interface RuleActionRecord {
  /** Places are counted from 1. */
  readonly pin?: { readonly itemId: number; readonly place: number } | null;
  readonly boost?: { readonly filter: ItemFilterArgs; readonly factor: number } | null;
  readonly hide?: { readonly filter: ItemFilterArgs } | null;
  readonly atMost?: { readonly count: number; readonly of: QuotaField } | null;
  readonly notShownFor?: { readonly hours: number } | null;
}

/** It is in force from `from` on until `until`; absent or null: without end. */
export interface PlacementRuleRecord {
  readonly from?: Date | null;
  readonly until?: Date | null;
  readonly action: RuleActionRecord;
}

export interface PlacementDefinition {
  readonly title?: string | null;
  readonly options?: PlacementOptionsRecord | null;
  readonly rules: readonly PlacementRuleRecord[];
  /** Absent: TRENDING. */
  readonly fallback?: PlacementFallback | null;
  /** The time of the trending items; absent: the last week. */
  readonly window?: TrendingWindow | null;
  readonly modelVersionId?: number | null;
}

/** A definition as it was saved. The newest state of a placement is in force. */
export interface PlacementStateRecord {
  readonly name: string;
  /** 1, 2, 3 …, for each placement. */
  readonly number: number;
  readonly definition: PlacementDefinition;
  readonly savedAt: Date;
  /** The name that the key had. */
  readonly savedBy: string | null;
}

export type PlacementWarningCode =
  'ITEM_UNAVAILABLE' | 'PIN_HIDDEN' | 'SAME_PLACE' | 'ADMITS_NOTHING' | 'LEAVES_NOTHING' | 'IS_OVER';

/** A part of a definition that will not do what it seems to. `field` is a path into it. */
export interface PlacementWarningRecord {
  readonly code: PlacementWarningCode;
  readonly message: string;
  readonly field: readonly string[];
}

export interface NewPlacementState {
  readonly name: string;
  /** The number of the state that the caller has changed; null: there was none. */
  readonly basedOn: number | null;
  readonly definition: PlacementDefinition;
}

export interface SavedPlacement {
  /** Null: nothing was saved. */
  readonly state: PlacementStateRecord | null;
  /** The newest state there is now. */
  readonly inForce: PlacementStateRecord | null;
  readonly warnings: readonly PlacementWarningRecord[];
  readonly userErrors: readonly UserErrorRecord[];
}
