/** The items that the item head holds most likely, of those that qualify. Knows logits and item ids, not the model. */
import { rankTopK } from '../math/top-k';

/**
 * @param logits - Of every item known in training; float32 `[N]`.
 * @param itemIds - Ids of the same; int32 `[N]`.
 * @param qualifies - Asked only of items that would enter the list.
 * @returns Ids of the `k` best at most, best first; of equal ones the earlier first.
 */
export function rankItems(
  logits: Float32Array,
  itemIds: Int32Array,
  qualifies: (itemId: number) => boolean,
  k: number,
): number[] {
  return rankTopK(logits, k, (row) => qualifies(itemIds[row])).map((row) => itemIds[row]);
}
