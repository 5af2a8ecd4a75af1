/** What ranked lists are like, whether they hit or not: how much of the catalogue they show, how rare, how varied. */
import { bootstrapMeans, plainMetric, type MetricValue } from './metrics';

/** What the figures need to know of the items, by row. */
export interface ItemFacts {
  /** Interactions in training; float64 `[N]`. */
  readonly popularity: Float64Array;
  /** int32 `[N]`; items with equal numbers are of one category, −1 stands for none. Null: the catalogue has no categories. */
  readonly categories: Int32Array | null;
}

const CUTOFF = 10;
const ENTROPY_CUTOFFS = [10, 20, 50] as const;

/**
 * - `coverage@10`: share of the catalogue that stands in any list;
 * - `novelty@10`: mean of −log₂ of the items' share of the training interactions; an item without any counts as having one;
 * - `entropy@10 … entropy@50`: entropy of the categories of each list, in nats; only where there are categories.
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
  if (categories !== null)
    for (const k of ENTROPY_CUTOFFS)
      figures.push([`entropy@${k}`, (list) => categoryEntropy(list.slice(0, k), categories)]);
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
