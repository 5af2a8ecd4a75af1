/**
 * Ranks items that nobody has bought yet. The decoder can write their semantic IDs, but has never seen one bought; their texts say
 * how near they lie to a history. Both together find more of them than either does alone: see docs/quality.md.
 */

/** The decoder is asked only about so many of the new items that lie nearest to a history. */
export const NEAREST = 50;
/** Nats that a cosine of 1 is worth. Chosen on Amazon Beauty's validation split; from 50 to 100 it hardly matters. */
const NEARNESS_WEIGHT = 60;

export interface NearItem {
  readonly itemId: number;
  /** Cosine of the item's and the history's direction. */
  readonly nearness: number;
}

/**
 * @param query - A history's direction.
 * @param directions - Of length 1, by item id; an item without one counts as at right angles.
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
 * @param near - What the decoder was asked about.
 * @param decoderScore - Its log-probability of an item's semantic ID; null for one that it has not come to, which goes last.
 * @returns Item ids, best first: by log p(semantic ID) + 60 · nearness.
 */
export function rankNewItems(near: readonly NearItem[], decoderScore: (itemId: number) => number | null): number[] {
  const scored = near.map(({ itemId, nearness }) => {
    const written = decoderScore(itemId);
    return { itemId, score: written === null ? -Infinity : written + NEARNESS_WEIGHT * nearness };
  });
  return scored.sort((a, b) => (a.score === b.score ? 0 : b.score - a.score)).map(({ itemId }) => itemId);
}
