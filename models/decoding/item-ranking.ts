/** Finds the items to which the item head gives the highest logits. It knows logits and item ids, not the model. */

/**
 * Keeps the `k` best rows sorted while it reads the logits once.
 *
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
  const rows: number[] = [];
  for (let row = 0; row < logits.length && k > 0; row++) {
    if (rows.length === k && logits[row] <= logits[rows[k - 1]]) continue;
    if (!qualifies(itemIds[row])) continue;
    if (rows.length === k) rows.pop();
    let at = rows.length;
    while (at > 0 && logits[rows[at - 1]] < logits[row]) at--;
    rows.splice(at, 0, row);
  }
  return rows.map((row) => itemIds[row]);
}
