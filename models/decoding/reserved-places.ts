/** Reserves places in a list for items whose scores are too low to reach it. */

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
