/** How good ranked lists are: recall, NDCG, reciprocal rank, coverage; means with bootstrap intervals. */
import { createRandom } from '../random';

/** A figure and its 95 % interval. */
export interface MetricValue {
  readonly name: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

export const CUTOFFS = [5, 10, 20] as const;
const RESAMPLES = 1000;

/**
 * Rank of the best-placed target, from 1; 0 when the list has none.
 *
 * With one target a user this is leave-one-out's rank; with a basket of targets a hit on any of them counts.
 */
export function hitRank(list: readonly number[], targets: ArrayLike<number>): number {
  const wanted = new Set(Array.from(targets));
  return list.findIndex((item) => wanted.has(item)) + 1;
}

/**
 * Recall@k (share of users with a hit in the first k), NDCG@k (mean of 1/log₂(1 + rank)) and MRR, over users.
 *
 * @param ranks - From `hitRank`, one a user.
 * @returns `recall@5 … ndcg@20, mrr`, each with the 2.5 and 97.5 percentiles of 1,000 bootstrap resamples of the users.
 */
export function rankingMetrics(ranks: readonly number[], seed: number): MetricValue[] {
  const gains: [string, (rank: number) => number][] = [
    ...CUTOFFS.map((k): [string, (rank: number) => number] => [
      `recall@${k}`,
      (rank) => (rank > 0 && rank <= k ? 1 : 0),
    ]),
    ...CUTOFFS.map((k): [string, (rank: number) => number] => [
      `ndcg@${k}`,
      (rank) => (rank > 0 && rank <= k ? 1 / Math.log2(1 + rank) : 0),
    ]),
    ['mrr', (rank) => (rank > 0 ? 1 / rank : 0)],
  ];
  return gains.map(([name, gain]) => ({ name, ...bootstrapMean(Float64Array.from(ranks, gain), seed) }));
}

/** @returns The mean with its 95 % bootstrap interval; zeros for no values. */
export function bootstrapMean(values: Float64Array, seed: number): { value: number; low: number; high: number } {
  if (values.length === 0) return { value: 0, low: 0, high: 0 };
  const random = createRandom(seed);
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[random.int(values.length)];
    return sum / values.length;
  }).sort();
  const value = values.reduce((a, b) => a + b, 0) / values.length;
  return { value, low: means[Math.floor(RESAMPLES * 0.025)], high: means[Math.ceil(RESAMPLES * 0.975) - 1] };
}

/** @returns Share of the catalogue's items that stand in any of the lists' first k. */
export function coverage(lists: readonly (readonly number[])[], numItems: number, k: number): number {
  return new Set(lists.flatMap((list) => list.slice(0, k))).size / numItems;
}
