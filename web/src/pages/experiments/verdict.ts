/** The findings of an experiment so far, in words. */
import { formatPrice, formatShare } from '../../components/format/format';
import type { ArmFactsFragment, ArmRateFiguresFragment, ExperimentMetric } from '../../graphql/graphql';

export const METRICS: Readonly<Record<ExperimentMetric, string>> = {
  CLICKED: 'Lists clicked',
  PURCHASED: 'Lists purchased from',
  REVENUE: 'Revenue a list',
};

/** @returns Of an arm, the figure that the experiment is decided by; null where it has none. */
export function decidingRate(arm: ArmFactsFragment, metric: ExperimentMetric): ArmRateFiguresFragment | null {
  const rates = { CLICKED: arm.clicked, PURCHASED: arm.purchased, REVENUE: arm.revenue };
  return rates[metric] ?? null;
}

export type Verdict = 'better' | 'worse' | 'open';

/** @returns Whether an arm is clearly better or worse than the control arm; null for the control arm itself. */
export function verdictOf(arm: ArmFactsFragment, metric: ExperimentMetric): Verdict | null {
  if (arm.isControl) return null;
  const difference = decidingRate(arm, metric)?.difference;
  if (difference == null) return 'open';
  if (difference.low > 0) return 'better';
  return difference.high < 0 ? 'worse' : 'open';
}

/** @returns The clearly better arm whose difference is the largest; null where none is clearly better. */
export function winnerOf(arms: readonly ArmFactsFragment[], metric: ExperimentMetric): ArmFactsFragment | null {
  const differenceOf = (arm: ArmFactsFragment) => decidingRate(arm, metric)?.difference?.value ?? 0;
  const better = arms.filter((arm) => verdictOf(arm, metric) === 'better' && arm.status === 'RUNNING');
  return better.toSorted((one, other) => differenceOf(other) - differenceOf(one))[0] ?? null;
}

/** @param currency - Absent: the value is a share of the lists. @returns Such as `4.1 % (3.8 % to 4.4 %)`. */
export function rateText({ perList, low, high }: ArmRateFiguresFragment, currency?: string | null): string {
  const write = (value: number) => (currency ? formatPrice(value, currency) : formatShare(value));
  return low == null || high == null ? write(perList) : `${write(perList)} (${write(low)} to ${write(high)})`;
}

/** @returns Such as `+0.4 % (−0.1 % to +0.9 %)` against the control arm; null where too little is known. */
export function differenceText({ difference }: ArmRateFiguresFragment, currency?: string | null): string | null {
  if (difference == null) return null;
  const format = currency
    ? new Intl.NumberFormat(undefined, { style: 'currency', currency, signDisplay: 'exceptZero' })
    : new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 2, signDisplay: 'exceptZero' });
  const { value, low, high } = difference;
  return `${format.format(value)} (${format.format(low)} to ${format.format(high)})`;
}
