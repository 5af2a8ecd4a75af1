/** What a history says of its own items: those taken often and lately are taken again. For lists that may have seen items. */

/**
 * @param history - Item rows, oldest first; those below 0 are passed over.
 * @param decay - The weight of an interaction is `decay` times the weight of the one after it; 1: only how often counts.
 * @param live - 1 for each item row that may be next, 0 for the others; float32 `[N]`.
 * @returns Item row → its share of all weights; nothing when no item of the history is live.
 */
export function repeatProbabilities(
  history: ArrayLike<number>,
  decay: number,
  live: Float32Array,
): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  let [total, weight] = [0, 1];
  for (let i = history.length - 1; i >= 0; i--, weight *= decay) {
    const item = history[i];
    if (item < 0 || live[item] === 0) continue;
    sums.set(item, (sums.get(item) ?? 0) + weight);
    total += weight;
  }
  return new Map(Array.from(sums, ([item, sum]) => [item, sum / total]));
}
