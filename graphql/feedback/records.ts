/** Records about feedback, as the ports give them. */
import type { UserErrorRecord } from '../common/records';

/** A user's answer to an item of a list. */
export type FeedbackKind = 'SHOWN' | 'CLICKED' | 'CART' | 'PURCHASED' | 'DISMISSED';

/** A list of recommendations, as its ID names it. */
export interface ListRecord {
  /** Tells it from all other lists. */
  readonly key: string;
  /** Where it is shown. */
  readonly placement: string;
  /** Null: it is for no stored user. */
  readonly userId: number | null;
  /** Null: it has popular items alone. */
  readonly modelVersionId: number | null;
  readonly madeAt: Date;
}

export interface NewFeedbackArgs {
  readonly listId: string;
  readonly itemExternalId: string;
  readonly kind: FeedbackKind;
}

export interface RecordedFeedback {
  /** Entries that were not recorded before. */
  readonly recorded: number;
  readonly userErrors: readonly UserErrorRecord[];
}

export interface UndoneDismissals {
  /** Dismissals that there were. */
  readonly undone: number;
  readonly userErrors: readonly UserErrorRecord[];
}

/** A number of lists, and their share of the lists that had feedback. */
export interface ListShareRecord {
  readonly count: number;
  readonly share: number;
  /** The share's 95 % interval. */
  readonly low: number;
  readonly high: number;
}

export interface PlacementRecord {
  readonly name: string;
  /** The newest version first. */
  readonly figures: readonly PlacementFiguresRecord[];
}

/** Figures of the lists that one model version made for a placement. */
export interface PlacementFiguresRecord {
  /** Null: popular items alone. */
  readonly modelVersionId: number | null;
  readonly lists: number;
  readonly clicked: ListShareRecord;
  readonly cart: ListShareRecord;
  readonly purchased: ListShareRecord;
  readonly dismissed: ListShareRecord;
}
