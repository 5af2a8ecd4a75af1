/** What ranked lists are like, whether they hit or not: how much of the catalogue they show, how rare, how varied. */
import { bootstrapMeans, plainMetric, type MetricValue } from './metrics';

/**
 * Categories of the items, coarse to fine, each int32 `[N]`: items with equal numbers are of one category, −1 stands for none. The
 * first two levels are looked at. Empty: the catalogue has no categories.
 */
export type CategoryLevels = readonly Int32Array[];

/** What the figures need to know of the items, by row. */
export interface ItemFacts {
  /** Interactions in training; float64 `[N]`. */
  readonly popularity: Float64Array;
  readonly categories: CategoryLevels;
}

const CUTOFF = 10;
const ENTROPY_CUTOFFS = [10, 20, 50] as const;
/** Of the levels of categories. */
const ENTROPY_NAMES = ['entropy', 'subcategory-entropy'] as const;

/**
 * - `coverage@10`: share of the catalogue that stands in any list;
 * - `novelty@10`: mean of −log₂ of the items' share of the training interactions; an item without any counts as having one;
 * - `entropy@10 … entropy@50`, `subcategory-entropy@10 …`: entropy of the categories of each list, in nats, at the first and the
 *   second level; only where there are such.
 *
 * @param lists - Item rows, one list a user.
 * @returns Means over users, with intervals, except for the coverage.
 */
export function listMetrics(
  lists: readonly (readonly number[])[],
  { popularity, categories }: ItemFacts,
  seed: number,
): MetricValue[] {
  const figures: [string, (list: readonly number[]) => number][] = [[`novelty@${CUTOFF}`, noveltyOf(popularity)]];
  for (const k of ENTROPY_CUTOFFS)
    for (const { name, entropyOf } of entropies(categories))
      figures.push([`${name}@${k}`, (list) => entropyOf(list.slice(0, k))]);
  const means = bootstrapMeans(
    figures.map(([, figure]) => Float64Array.from(lists, figure)),
    seed,
  );
  return [
    plainMetric(`coverage@${CUTOFF}`, coverage(lists, popularity.length, CUTOFF)),
    ...figures.map(([name], i) => ({ name, ...means[i] })),
  ];
}

/** @returns Share of the catalogue's items that stand in any of the lists' first k. */
export function coverage(lists: readonly (readonly number[])[], numItems: number, k: number): number {
  return new Set(lists.flatMap((list) => list.slice(0, k))).size / numItems;
}

/** @returns A name and a figure for each level of categories that there is. */
export function entropies(categories: CategoryLevels) {
  return ENTROPY_NAMES.slice(0, categories.length).map((name, level) => ({
    name,
    entropyOf: (list: readonly number[]) => categoryEntropy(list, categories[level]),
  }));
}

/** @returns Natural-log entropy of the categories in a list; 0 for an empty one. */
export function categoryEntropy(list: readonly number[], categories: Int32Array): number {
  const counts = new Map<number, number>();
  for (const item of list) counts.set(categories[item], (counts.get(categories[item]) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / list.length) * Math.log(count / list.length);
  return entropy;
}

function noveltyOf(popularity: Float64Array): (list: readonly number[]) => number {
  const total = Math.max(
    1,
    popularity.reduce((a, b) => a + b, 0),
  );
  return (list) => {
    const first = list.slice(0, CUTOFF);
    const surprise = first.reduce((sum, item) => sum - Math.log2(Math.max(1, popularity[item]) / total), 0);
    return surprise / Math.max(1, first.length);
  };
}
