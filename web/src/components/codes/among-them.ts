/**
 * @param categories - The most frequent ones of some items, as the server names them: not how many of the items have them.
 * @param most - How many are named.
 * @returns Such as `among them lamps, mugs`; nothing without categories.
 */
export function amongThem(categories: readonly string[], most: number): string {
  return categories.length === 0 ? '' : `among them ${categories.slice(0, most).join(', ')}`;
}
