/** Chooses which of many cold items may take the places that a list keeps for them. */
import { placeOf } from '../../models/math/arrays';
import type { AllowList } from '../workers/messages';
import { greatestCommon } from './ascending-ids';

/**
 * A thousand candidates more would cost every list with such places a millisecond of the main thread, and the first one after an
 * activation .2 seconds.
 */
export const MAX_COLD_ITEMS = 2_000;

export interface ColdChoice {
  /** Null: each item may be in the list. */
  readonly allow: AllowList['itemIds'] | null;
  readonly qualifies: (itemId: number) => boolean;
  /** Counts up; each turn takes others of the older items, so that none is left out for ever. */
  readonly turn: number;
  /** An even number; absent: `MAX_COLD_ITEMS`. */
  readonly most?: number;
}

/**
 * @param cold - Ascending, so that the newest is the last.
 * @returns All that may be in the list, if they are fewer than `most`; else the newest ones and, of the others, as many whose turn it
 *   is. Ascending.
 */
export function coldCandidates(
  cold: Int32Array,
  { allow, qualifies, turn, most = MAX_COLD_ITEMS }: ColdChoice,
): Int32Array {
  const greatest = (ids: Int32Array, take: number) => greatestCommon(ids, allow, take, qualifies);
  const newest = greatest(cold, most);
  if (newest.length < most) return newest;
  const half = newest.subarray(most / 2);
  const older = cold.subarray(0, placeOf(cold, half[0]));
  const end = older.length - ((turn * half.length) % older.length);
  const first = greatest(older.subarray(0, end), half.length);
  const rest = greatest(older.subarray(end), half.length - first.length);
  return Int32Array.from([...first, ...rest, ...half]);
}
