/** Measures lists and semantic IDs without looking at hits: coverage, rarity, diversity, and how well codes tell items apart. */
import type { TokenizerConfig } from '../config';
import { codebookUse } from '../semantic-id/codebook-use';
import type { SemanticId } from '../semantic-id/semantic-ids';
import { bootstrapMeans, plainMetric, type MetricValue } from './metrics';

/**
 * Categories of the items, coarse to fine, each int32 `[N]`: items with equal numbers have the same category, and −1 is no category, which
 * counts as one more. The metrics read the first two levels. Empty: the catalogue has no categories.
 */
export type CategoryLevels = readonly Int32Array[];

/** Facts about the items that the metrics read, by row. */
export interface ItemFacts {
  /** Interactions in training; float64 `[N]`. */
  readonly popularity: Float64Array;
  readonly categories: CategoryLevels;
}

const CUTOFF = 10;
const ENTROPY_CUTOFFS = [10, 20] as const;
/** Length of the lists that `longListMetrics` measures. */
export const LONG_LIST_SIZE = 50;
/** One per level of categories. */
const ENTROPY_NAMES = ['entropy', 'subcategory-entropy'] as const;

/**
 * Computes:
 *
 * - `coverage@10`: the share of the catalogue that is in any list;
 * - `novelty@10`: the mean of −log₂ of the items' share of the training interactions; an item without interactions counts as one;
 * - `entropy@10`, `entropy@20`, `subcategory-entropy@10 …`: the entropy of the categories of each list, in nats, at the first and the
 *   second level, if there are these levels.
 *
 * @param lists - Item rows, one list per user.
 * @returns Means over users with intervals; the coverage is no mean and has none. Nothing for no users.
 */
export function listMetrics(
  lists: readonly (readonly number[])[],
  { popularity, categories }: ItemFacts,
  seed: number,
): MetricValue[] {
  if (lists.length === 0) return [];
  const figures: Figure[] = [
    [`novelty@${CUTOFF}`, noveltyOf(popularity)],
    ...ENTROPY_CUTOFFS.flatMap((k) => entropiesAt(k, categories)),
  ];
  return [
    plainMetric(`coverage@${CUTOFF}`, coverage(lists, popularity.length, CUTOFF)),
    ...meansOver(lists, figures, seed),
  ];
}

/** Computes `entropy@50` and `subcategory-entropy@50`, as `listMetrics` does for shorter lists. */
export function longListMetrics(
  lists: readonly (readonly number[])[],
  categories: CategoryLevels,
  seed: number,
): MetricValue[] {
  return meansOver(lists, entropiesAt(LONG_LIST_SIZE, categories), seed);
}

/** A figure of one list, with its name. */
type Figure = readonly [name: string, of: (list: readonly number[]) => number];

function entropiesAt(k: number, categories: CategoryLevels): Figure[] {
  return entropies(categories).map(({ name, entropyOf }) => [`${name}@${k}`, (list) => entropyOf(list.slice(0, k))]);
}

function meansOver(lists: readonly (readonly number[])[], figures: readonly Figure[], seed: number): MetricValue[] {
  if (lists.length === 0) return [];
  const columns = figures.map(([, of]) => Float64Array.from(lists, of));
  return bootstrapMeans(columns, seed).map((mean, i) => ({ name: figures[i][0], ...mean }));
}

/** @returns The share of the catalogue's items that are among the first k of any list. */
export function coverage(lists: readonly (readonly number[])[], numItems: number, k: number): number {
  return new Set(lists.flatMap((list) => list.slice(0, k))).size / numItems;
}

/** @returns Name and function of the entropy at each level of categories. */
export function entropies(categories: CategoryLevels) {
  return ENTROPY_NAMES.slice(0, categories.length).map((name, level) => ({
    name,
    entropyOf: (list: readonly number[]) => categoryEntropy(list, categories[level]),
  }));
}

/** @returns The entropy of the categories in a list, in nats; 0 for an empty list. */
function categoryEntropy(list: readonly number[], categories: Int32Array): number {
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

/** @returns `codebook.L.use` and `codebook.L.perplexity` of each level L, and `collision.rate`. */
export function idMetrics(semanticIds: readonly SemanticId[], config: TokenizerConfig): MetricValue[] {
  const ofLevels = codebookUse(semanticIds, config).flatMap(({ usedShare, perplexity }, level) => [
    plainMetric(`codebook.${level}.use`, usedShare),
    plainMetric(`codebook.${level}.perplexity`, perplexity),
  ]);
  return [...ofLevels, collisionRate(semanticIds)];
}

/** The share of the items whose codebook codes are also another item's, so that only the collision token tells them apart. */
function collisionRate(semanticIds: readonly SemanticId[]): MetricValue {
  const groups = new Map<string, number>();
  const keyOf = (id: SemanticId) => id.slice(0, -1).join('.');
  for (const id of semanticIds) groups.set(keyOf(id), (groups.get(keyOf(id)) ?? 0) + 1);
  const colliding = semanticIds.filter((id) => groups.get(keyOf(id))! > 1).length;
  return plainMetric('collision.rate', colliding / Math.max(1, semanticIds.length));
}
