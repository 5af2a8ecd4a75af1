/** Which category of an item tells it from others, where items have whole paths of categories. */

/**
 * The first level of the paths at which the catalogue has more than one value: above it, all items are alike.
 *
 * @param paths - Of each item, root first; may be empty.
 * @returns int32 `[N]`, equal numbers for equal categories, −1 for an item without a category at that level; null where no
 *   level has more than one.
 */
export function itemCategories(paths: readonly (readonly string[])[]): Int32Array | null {
  for (let level = 0; paths.some((path) => path.length > level); level++) {
    const numbers = new Map<string, number>();
    for (const path of paths)
      if (path.length > level && !numbers.has(path[level])) numbers.set(path[level], numbers.size);
    if (numbers.size > 1) return Int32Array.from(paths, (path) => numbers.get(path[level]) ?? -1);
  }
  return null;
}
