/** The items that the item head holds most likely, of those that qualify. Knows logits and item ids, not the model. */

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
