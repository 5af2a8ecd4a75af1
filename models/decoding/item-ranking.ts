/** Finds the items to which the item head gives the highest logits. It knows logits and item ids, not the model. */
import { rankTopK } from '../math/top-k';

/**
 * @param logits - Of every item known in training; float32 `[N]`.
 * @param itemIds - Ids of the same items; int32 `[N]`.
 * @param qualifies - Called only for items that would enter the list: it may be slow.
 * @returns Ids of at most `k` items, best first; of equal ones the lower row first.
 */
export function rankItems(
  logits: Float32Array,
  itemIds: Int32Array,
  qualifies: (itemId: number) => boolean,
  k: number,
): number[] {
  return rankTopK(logits, k, (row) => qualifies(itemIds[row])).map((row) => itemIds[row]);
}
