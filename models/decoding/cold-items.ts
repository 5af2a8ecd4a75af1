/**
 * Chooses cold items: items that the model has not learned. The decoder can write their semantic IDs, but it never saw one of them
 * bought. Their texts say how near they lie to a history: see docs/quality.md.
 */

export interface NearItem {
  readonly itemId: number;
  /** Cosine of the item's and the history's direction. */
  readonly nearness: number;
}

/**
 * @param query - A history's direction; float32 `[size]`.
 * @param directions - Item id → direction of length 1; float32 `[size]`. An item without one has a nearness of 0.
 * @returns The `k` nearest of the items, nearest first.
 */
export function nearestItems(
  query: Float32Array,
  itemIds: Int32Array,
  directions: ReadonlyMap<number, Float32Array>,
  k: number,
): NearItem[] {
  const near: NearItem[] = [];
  for (const itemId of itemIds) {
    const direction = directions.get(itemId);
    let nearness = 0;
    if (direction !== undefined) for (let d = 0; d < query.length; d++) nearness += query[d] * direction[d];
    near.push({ itemId, nearness });
  }
  return near.sort((a, b) => b.nearness - a.nearness).slice(0, k);
}

/**
 * Puts the reserved items at even distances among the others; the last one stands at the end.
 *
 * @param main - Best first. An item that is in both lists takes its reserved place.
 * @param first - Length of the list, if there are so many items.
 */
export function withReserved<T extends { readonly itemId: number }>(
  main: readonly T[],
  reserved: readonly T[],
  first: number,
): T[] {
  const reservedIds = new Set(reserved.map(({ itemId }) => itemId));
  const list = main.filter(({ itemId }) => !reservedIds.has(itemId)).slice(0, first - reserved.length);
  reserved.forEach((item, i) => list.splice(Math.round(((i + 1) * first) / reserved.length) - 1, 0, item));
  return list.slice(0, first);
}
