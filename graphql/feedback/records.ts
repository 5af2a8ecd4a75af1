/** Records about feedback, as the ports give them. */
import type { UserErrorRecord } from '../common/records';
import type { ExperimentRecord } from '../experiment/records';

/** A user's answer to an item of a list. */
export type FeedbackKind = 'SHOWN' | 'CLICKED' | 'CART' | 'PURCHASED' | 'DISMISSED';

/** A list of recommendations, as its ID names it. */
export interface ListRecord {
  /** Tells it from all other lists. */
  readonly key: string;
  /** Where it is shown. */
  readonly placement: string;
  /** The row of the user; the external ID of one who had no row yet; null: it is for nobody in particular. */
  readonly user: number | string | null;
  /** Null: no model made it. */
  readonly modelVersionId: number | null;
  /** The arm of an experiment that it counts for; null: none. */
  readonly armId: number | null;
  readonly madeAt: Date;
  readonly itemIds: readonly number[];
}

export interface NewFeedbackArgs {
  /** The caller's own ID of the event: an entry with the same list, item, kind and ID is recorded once. Absent: without ID. */
  readonly eventId?: string | null;
  readonly listId: string;
  readonly itemExternalId: string;
  readonly kind: FeedbackKind;
  /** The sum that was paid. */
  readonly value?: number | null;
  readonly currency?: string | null;
  readonly quantity?: number | null;
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

/** A number of lists or items, and what share it is. */
export interface ShareRecord {
  readonly count: number;
  readonly share: number;
  /** The share's 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** Figures that are asked for. */
export interface FiguresPeriod {
  /** Figures cover so many days, the last of which is today, in UTC. */
  readonly days: number;
  /** Whether each day has figures of its own, the newest first. */
  readonly isDaily: boolean;
  /** Whether each arm of an experiment has figures of its own; absent: no. */
  readonly isByArm?: boolean;
}

export interface PlacementRecord {
  readonly name: string;
  /** The newest version first. */
  readonly figures: readonly PlacementFiguresRecord[];
}

/** The revenue of purchases. */
export interface RevenueRecord {
  readonly currency: string;
  /** Pieces. */
  readonly quantity: number;
  readonly total: number;
  readonly perList: number;
  /** The 95 % interval of `perList`. */
  readonly low: number;
  readonly high: number;
}

/** An arm whose lists figures are of. */
export interface FiguresArmRecord {
  readonly name: string;
  readonly experiment: ExperimentRecord;
}

/** Figures of the lists that one model version made for a placement, and for one arm where that is asked for. */
export interface PlacementFiguresRecord {
  /** The beginning of the day on which the lists were made, in UTC; null: those of all days asked for. */
  readonly day: Date | null;
  /** Null: no model made them. */
  readonly modelVersionId: number | null;
  /** Null: the lists are of no arm, or of all. */
  readonly arm: FiguresArmRecord | null;
  readonly lists: number;
  readonly clicked: ShareRecord;
  readonly cart: ShareRecord;
  readonly purchased: ShareRecord;
  readonly dismissed: ShareRecord;
  /** One for each currency. */
  readonly revenue: readonly RevenueRecord[];
  /** Items that were shown, of those that can be recommended now. */
  readonly coverage: ShareRecord;
}
