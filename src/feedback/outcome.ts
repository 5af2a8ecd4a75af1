/** What became of one list, and what that adds to the figures of several. */
import type { List } from '../../prisma/generated/sqlite/client';

/** A list counts once as each of these. */
export type Counted = 'clicked' | 'cart' | 'purchased' | 'dismissed';

export interface Amount {
  readonly quantity: number;
  readonly total: number;
}

export interface Outcome {
  readonly list: List;
  readonly counted: ReadonlySet<Counted>;
  /** Keyed by currency. */
  readonly revenue: ReadonlyMap<string, Amount>;
  readonly shownItemIds: readonly number[];
}

/** A list of which something has become known. */
export interface Change {
  /** Null: the list had no feedback. */
  readonly was: Outcome | null;
  readonly now: Outcome;
}

/** @returns By how much a figure of the lists, together, has changed. */
export function changeOf(changes: readonly Change[], figureOf: (outcome: Outcome) => number): number {
  return changes.reduce((sum, { was, now }) => sum + figureOf(now) - (was === null ? 0 : figureOf(was)), 0);
}
