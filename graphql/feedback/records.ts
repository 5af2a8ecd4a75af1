/** Records about feedback, as the ports give and take them. */
import type { NewFeedback } from './inputs';
import type { PlacementFigures } from './types';

export type {
  FeedbackKind,
  FiguresArm as FiguresArmRecord,
  Revenue as RevenueRecord,
  Share as ShareRecord,
} from './types';

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

export interface NewFeedbackArgs extends Omit<NewFeedback, 'item'> {
  readonly itemExternalId: string;
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

export interface PlacementFiguresRecord extends PlacementFigures {
  /** Null: no model made the lists. */
  readonly modelVersionId: number | null;
}
