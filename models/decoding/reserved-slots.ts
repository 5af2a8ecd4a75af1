/** Keeps places in a list for items that would not win them. */

/**
 * Puts the reserved items at even distances among the others, the last at the end.
 *
 * @param main - Best first; an item that stands in both lists keeps its reserved place.
 * @param first - Items wanted.
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
