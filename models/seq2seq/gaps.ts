/** The time between two events of a history, as the encoder reads it. */
import { DAY_MS } from '../math/day';

/** Buckets of the first event, of less than a day, from 1, 3, 7, 15, 31 and 63 days on. */
export const GAP_BUCKETS = 8;

/**
 * @param time - When an event was, in milliseconds since the epoch.
 * @param before - When the one before it was; null: it is the first.
 * @returns 0 for the first event, else one more than ⌊log₂(1 + days)⌋, up to the last bucket.
 *
 * Source: intervals between items as in TiSASRec (Li et al., 2020), section 3; in buckets that grow, as T5's positions do.
 */
export function gapBucket(time: number, before: number | null): number {
  if (before === null) return 0;
  const days = Math.max(0, time - before) / DAY_MS;
  return Math.min(GAP_BUCKETS - 1, 1 + Math.floor(Math.log2(1 + days)));
}
