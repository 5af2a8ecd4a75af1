/**
 * Ranks cold items: items that the model has not learned. The decoder can write their semantic IDs, but it never saw one of them
 * bought. Their texts say how near they lie to a history. Both together find more of them than either alone: see
 * docs/quality.md.
 */

/** The decoder scores only this many of the cold items: those nearest to a history. */
export const NUM_NEAREST = 50;
/** Nats that a cosine of 1 adds. Chosen on Amazon Beauty's validation split; values from 50 to 100 give nearly the same. */
const NEARNESS_WEIGHT = 60;

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
 * Ranks by log p(semantic ID) + 60 · nearness.
 *
 * @param near - The items that the decoder was asked about.
 * @param decoderScore - The decoder's log-probability of an item's semantic ID; null: the beam search did not find it, and the
 *   item goes last.
 * @returns Item ids, best first.
 */
export function rankColdItems(near: readonly NearItem[], decoderScore: (itemId: number) => number | null): number[] {
  const scored = near.map(({ itemId, nearness }) => {
    const written = decoderScore(itemId);
    return { itemId, score: written === null ? -Infinity : written + NEARNESS_WEIGHT * nearness };
  });
  // The difference of two infinities is NaN, so equal scores are compared first.
  return scored.sort((a, b) => (a.score === b.score ? 0 : b.score - a.score)).map(({ itemId }) => itemId);
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
