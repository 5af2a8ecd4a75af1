/**
 * The arithmetic of experiments: rates per list, the difference of an arm to the control arm, and whether users were divided as they
 * should be. All of it holds however often one looks, so that an experiment may be ended at any look.
 *
 * The unit is the user, since arms are drawn for users: the lists of one user are alike, and counted one by one they would seem to say more
 * than they do. Hence a rate is a ratio of sums over users, and its variance comes from the delta method (Deng, Knoblich, Lu, 2018,
 * "Applying the Delta Method in Metric Analytics", section 3).
 */
import type { Estimate } from '../../graphql/experiment/types';

/** Sums over the users of an arm. */
export interface UserSums {
  readonly users: number;
  /** Lists: Σ l and Σ l². */
  readonly lists: number;
  readonly listSquares: number;
  /** Counts of a user's lists, such as those with a click or what they brought in: Σ x, Σ x² and Σ x·l. */
  readonly total: number;
  readonly totalSquares: number;
  readonly products: number;
}

/** Error of the intervals: 1 minus the probability that they hold at all looks. */
export const ALPHA = 0.05;
/**
 * The scale of differences that the intervals are narrowest for, as a share of the control arm's rate. It is chosen before there are data,
 * as it must be. Differences of a third of it, or three times as large, need a quarter more users than a scale of their own would.
 */
const EXPECTED_LIFT = 0.1;

/** @returns The rate per list, with its interval; null: the users are too few or too alike to tell how far it may be off. */
export function rateOf(sums: UserSums, alpha = ALPHA): Estimate | null {
  const { rate, variance } = rateAndVariance(sums);
  const interval = intervalOf(rate, variance, rate, alpha);
  return interval && { ...interval, low: Math.max(0, interval.low) };
}

/**
 * @param alpha - Divide it by the number of arms beside the control arm, so that all their intervals hold together.
 * @returns How much more the arm has per list than the control arm, with its interval; null: there is too little to tell.
 */
export function differenceOf(control: UserSums, arm: UserSums, alpha = ALPHA): Estimate | null {
  const [before, after] = [rateAndVariance(control), rateAndVariance(arm)];
  return intervalOf(after.rate - before.rate, before.variance + after.variance, before.rate, alpha);
}

/** The variance is that of the mean of x − rate · l, by the mean of l. */
function rateAndVariance({ users, lists, listSquares, total, totalSquares, products }: UserSums) {
  if (users < 2) return { rate: lists === 0 ? 0 : total / lists, variance: NaN };
  const rate = total / lists;
  const residuals = totalSquares - 2 * rate * products + rate ** 2 * listSquares; // they sum to 0
  return { rate, variance: (Math.max(0, residuals) * users) / (users - 1) / lists ** 2 };
}

/**
 * value ± s · √((1 + k) · log((1 + 1/k) / α²)), where s is the standard error and k = (s / τ)²: the values that a mixture sequential
 * probability ratio test never refuses whose mixture is normal with deviation τ.
 *
 * A user's later lists are like the former ones, so the estimate wanders less from look to look than the Brownian motion for which the
 * bound is made, and crosses it more seldom (Slepian's inequality).
 *
 * Source: Johari, Koomen, Pekelis, Walsh (2022), "Always Valid Inference"; with the variance estimated, it is the asymptotic confidence
 * sequence of Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas (2021), "Time-uniform central limit theory and asymptotic confidence sequences".
 */
function intervalOf(value: number, variance: number, base: number, alpha: number): Estimate | null {
  if (!(variance > 0 && base > 0)) return null;
  const k = variance / (EXPECTED_LIFT * base) ** 2;
  const halfWidth = Math.sqrt(variance * (1 + k) * Math.log((1 + 1 / k) / alpha ** 2));
  return { value, low: value - halfWidth, high: value + halfWidth };
}

/** How closely the shares that users may have had instead lie around the true ones, in users. */
const CONCENTRATION = 100;

/**
 * @param users - Users of each arm.
 * @param shares - The share that each should have; they sum to 1.
 * @returns A probability that holds at every look: how likely users are to be divided as unevenly as this where all is right.
 *
 * Source: Lindon, Malek (2022), "Anytime-Valid Inference for Multinomial Count Data": 1 / the Bayes factor of a Dirichlet prior around the
 * shares, against the shares themselves.
 */
export function sampleRatioProbability(users: readonly number[], shares: readonly number[]): number {
  const all = users.reduce((sum, count) => sum + count, 0);
  let logFactor = logGamma(CONCENTRATION) - logGamma(CONCENTRATION + all);
  for (const [arm, count] of users.entries()) {
    const prior = CONCENTRATION * shares[arm];
    logFactor += logGamma(prior + count) - logGamma(prior) - count * Math.log(shares[arm]);
  }
  return Math.min(1, Math.exp(-logFactor));
}

/** From here on, three terms of Stirling's series give ten digits. */
const STIRLING_FROM = 16;

/** log Γ(x), for x > 0. */
function logGamma(x: number): number {
  let shift = 0;
  for (; x < STIRLING_FROM; x++) shift += Math.log(x);
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
