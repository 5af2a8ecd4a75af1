/** Measures hits of ranked lists: recall, NDCG, reciprocal rank; means over users with bootstrap intervals. */
import { createRandom } from '../math/random';

/** A figure and its 95 % interval. */
export interface MetricValue {
  readonly name: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

export const CUTOFFS = [5, 10, 20] as const;
/** Length of a list, if nothing else is said: the largest cutoff of hits. */
export const LIST_SIZE = Math.max(...CUTOFFS);
const RESAMPLES = 1000;
/** With more users the mean is as good as normally distributed, and resamples take seconds. */
const MAX_RESAMPLED_USERS = 50_000;
/** Standard errors on each side of a mean that hold 95 % of a normal distribution. */
const NORMAL_95 = 1.96;

/**
 * The rank of the first target in the list, from 1; 0 when the list has no target.
 *
 * When a user has one target, this is the rank of leave-one-out. When a user has a basket of targets, a hit on any of them counts.
 */
export function hitRank(list: readonly number[], targets: ArrayLike<number>): number {
  const wanted = new Set(Array.from(targets));
  return list.findIndex((item) => wanted.has(item)) + 1;
}

/**
 * Recall@k (share of users with a hit in the first k), NDCG@k (mean of 1/log₂(1 + rank)) and MRR (mean of 1/rank), over users. The lists
 * end at 20 items.
 *
 * @param ranks - From `hitRank`, one per user.
 * @returns `recall@5 … ndcg@20, mrr`, each with its 95 % interval: see `bootstrapMeans`. Nothing for no users.
 */
export function rankingMetrics(ranks: readonly number[], seed: number): MetricValue[] {
  return meansOf(gainsOf(ranks), seed);
}

/**
 * How far the figures of some ranks are above those of others. The intervals are of the differences, user by user, so what the users
 * differ by is no part of them: they say more than two intervals side by side.
 *
 * @param others - Ranks of the same users as `ranks`, in the same order.
 * @returns The names of `rankingMetrics`.
 */
export function rankingDifferences(ranks: readonly number[], others: readonly number[], seed: number): MetricValue[] {
  const subtracted = gainsOf(others);
  const differences = gainsOf(ranks).map(({ name, gains }, figure) => ({
    name,
    gains: gains.map((gain, user) => gain - subtracted[figure].gains[user]),
  }));
  return meansOf(differences, seed);
}

/** Contribution of each user to a figure, between 0 and 1. */
interface Gains {
  readonly name: string;
  readonly gains: Float64Array;
}

function gainsOf(ranks: readonly number[]): Gains[] {
  const figure = (name: string, gain: (rank: number) => number) => ({ name, gains: Float64Array.from(ranks, gain) });
  return [
    ...CUTOFFS.map((k) => figure(`recall@${k}`, (rank) => (rank > 0 && rank <= k ? 1 : 0))),
    ...CUTOFFS.map((k) => figure(`ndcg@${k}`, (rank) => gainAt(rank, k))),
    figure('mrr', (rank) => (rank > 0 ? 1 / rank : 0)),
  ];
}

function meansOf(figures: readonly Gains[], seed: number): MetricValue[] {
  if (figures[0].gains.length === 0) return [];
  const means = bootstrapMeans(
    figures.map(({ gains }) => gains),
    seed,
  );
  return figures.map(({ name }, i) => ({ name, ...means[i] }));
}

/** NDCG@10 alone, without its interval; 0 for no users. */
export function meanNdcg(ranks: readonly number[]): number {
  return ranks.reduce((sum, rank) => sum + gainAt(rank, 10), 0) / Math.max(1, ranks.length);
}

/** The standard error of fewer users' differences is not known: by chance they may all be equal. */
const MIN_USERS = 5;

/**
 * Whether the NDCG@10 of some ranks is above that of others by more than `errors` standard errors of the difference. False for fewer
 * than 5 users.
 *
 * @param ranks - Ranks of the same users as `others`, in the same order, so that differences between users are no part of the error.
 */
export function isClearlyBetter(ranks: readonly number[], others: readonly number[], errors = 1): boolean {
  const differences = ranks.map((rank, i) => gainAt(rank, 10) - gainAt(others[i], 10));
  const n = differences.length;
  if (n < MIN_USERS) return false;
  const mean = differences.reduce((sum, x) => sum + x, 0) / n;
  const variance = differences.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  return mean > errors * Math.sqrt(variance / n);
}

/** With fewer users validation says little: a value has to be clearly better than the prior one. */
const ENOUGH_USERS = 100;

/**
 * Chooses among values by the NDCG@10 of their users' ranks.
 *
 * @param tried - Ranks of the same users, one list a value.
 * @param prior - Index of the value that holds when validation does not tell: when it is as good as the best, or when there are few
 *   users and the best is not clearly better.
 * @returns Index of the best value; of equally good ones the prior, else the first.
 */
export function bestOf(tried: readonly (readonly number[])[], prior: number): number {
  const figures = tried.map(meanNdcg);
  const best = figures.indexOf(Math.max(...figures));
  return figures[prior] === figures[best] || !departs(tried[best], tried[prior]) ? prior : best;
}

/** @returns Whether the users say enough to take other ranks than those of the prior value. */
export function departs(ranks: readonly number[], ofPrior: readonly number[]): boolean {
  return ranks.length >= ENOUGH_USERS || isClearlyBetter(ranks, ofPrior, 2);
}

function gainAt(rank: number, k: number): number {
  return rank > 0 && rank <= k ? 1 / Math.log2(1 + rank) : 0;
}

interface Mean {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * @param columns - One per figure, each with the values of the same users in the same order; one user or more.
 * @returns Each column's mean with the 2.5 and 97.5 percentiles of 1,000 bootstrap resamples of the users, which are the same for all
 *   columns; for more than 50,000 users 1.96 standard errors on each side.
 */
export function bootstrapMeans(columns: readonly Float64Array[], seed: number): Mean[] {
  const users = columns[0]?.length ?? 0;
  if (users > MAX_RESAMPLED_USERS) return columns.map(normalMean);
  const random = createRandom(seed);
  const drawn = new Int32Array(users);
  const means = columns.map(() => new Float64Array(RESAMPLES));
  for (let resample = 0; resample < RESAMPLES; resample++) {
    for (let i = 0; i < users; i++) drawn[i] = random.int(users);
    columns.forEach((values, column) => (means[column][resample] = sumOf(values, drawn) / users));
  }
  return columns.map((values, column) => {
    const sorted = means[column].sort();
    const value = values.reduce((a, b) => a + b, 0) / users;
    return { value, low: sorted[Math.floor(RESAMPLES * 0.025)], high: sorted[Math.ceil(RESAMPLES * 0.975) - 1] };
  });
}

function normalMean(values: Float64Array): Mean {
  const value = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - value) ** 2, 0) / (values.length - 1);
  const reach = NORMAL_95 * Math.sqrt(variance / values.length);
  return { value, low: value - reach, high: value + reach };
}

function sumOf(values: Float64Array, rows: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += values[rows[i]];
  return sum;
}

/** @returns A figure without an interval, because it is no mean over users. */
export function plainMetric(name: string, value: number): MetricValue {
  return { name, value, low: null, high: null };
}

/** @returns The metrics with the prefix before each name. */
export function prefixed(prefix: string, metrics: readonly MetricValue[]): MetricValue[] {
  return metrics.map((metric) => ({ ...metric, name: `${prefix}${metric.name}` }));
}
