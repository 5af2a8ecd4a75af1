/** The categories that diversity is measured by, from items that have whole paths of categories. */

/** How many levels are used; at finer ones nearly every item has a category of its own. */
const LEVELS = 2;

/**
 * Categories at the first level of the paths at which the catalogue has more than one value, since all items are equal above it,
 * and at the level below.
 *
 * @param paths - Of each item, root first; may be empty.
 * @returns Coarse to fine, each int32 `[N]` with equal numbers for equal paths down to that level; −1 for an item whose path
 *   ends before the first of them. Empty if no level has more than one value.
 */
export function itemCategories(paths: readonly (readonly string[])[]): Int32Array[] {
  const longest = paths.reduce((most, path) => Math.max(most, path.length), 0);
  const valuesAt = (level: number) => new Set(paths.flatMap((path) => path[level] ?? [])).size;
  const first = Array.from({ length: longest }, (_, level) => level).find((level) => valuesAt(level) > 1);
  if (first === undefined) return [];
  const levels = Array.from({ length: Math.min(LEVELS, longest - first) }, (_, i) => first + i);
  return levels.map((level) =>
    numbered(paths.map((path) => (path.length > first ? path.slice(first, level + 1) : null))),
  );
}

/** @returns Equal numbers for equal paths, counted up as they come; −1 for none. */
function numbered(paths: readonly (readonly string[] | null)[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(paths, (path) => {
    if (path === null) return -1;
    const key = JSON.stringify(path);
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key)!;
  });
}
