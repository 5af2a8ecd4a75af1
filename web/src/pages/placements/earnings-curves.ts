/** Earnings of lists day by day, as curves. */
import type { Curve } from '../../components/curves/curve-data';
import { sumOf } from '../../components/earnings/earnings';
import { formatDay } from '../../components/format/format';
import type { EarningsQuery } from '../../graphql/graphql';

/** Of the figures, what a chart shows. */
export type EarningsFigure = 'revenue' | 'clicked' | 'purchased' | 'lists';
/** Whether each placement has one curve, or one for each version or arm. */
export type EarningsParts = 'placement' | 'version' | 'arm';

type Daily = NonNullable<EarningsQuery['placements']>[number];
type DailyFigures = Daily['figures'][number];

/** More curves in one chart cannot be told apart. */
const MOST_CURVES = 8;
const MS_PER_DAY = 86_400_000;

/**
 * @param days - Of so many days, the last of which is today.
 * @returns A curve a placement, version or arm, and currency where the figure is revenue: those of most lists. A day without lists
 * brings in 0, and has no share.
 */
export function earningsCurves(
  placements: readonly Daily[],
  { figure, parts, days }: { figure: EarningsFigure; parts: EarningsParts; days: number },
  today = Math.floor(Date.now() / MS_PER_DAY),
): readonly Curve[] {
  const groups = placements.flatMap(({ name, figures }) => {
    const counted = parts === 'arm' ? figures.filter(({ arm }) => arm !== null) : figures;
    return [...groupedBy(counted, PART_OF[parts])].map(([part, of]) => ({ label: `${name}${part}`, of }));
  });
  const known = groups.toSorted((one, other) => sumOf(other.of).lists - sumOf(one.of).lists).slice(0, MOST_CURVES);
  const currencies = figure === 'revenue' ? [...sumOf(groups.flatMap(({ of }) => of)).revenue.keys()] : [];
  return known.flatMap(({ label, of }) => {
    const byDay = groupedBy(of, ({ day }) => dayOf(day ?? ''));
    const first = Math.min(...byDay.keys());
    const steps = Array.from({ length: Math.min(days, today - first + 1) }, (_, i) => today - i).reverse();
    const sums = steps.map((step) => ({ step, sum: sumOf(byDay.get(step) ?? []) }));
    const shareOf = (name: 'clicked' | 'purchased') =>
      sums.filter(({ sum }) => sum.lists > 0).map(({ step, sum }) => ({ step, value: sum[name] / sum.lists }));
    switch (figure) {
      case 'lists':
        return [{ id: label, label, points: sums.map(({ step, sum }) => ({ step, value: sum.lists })) }];
      case 'revenue':
        return currencies
          .filter((currency) => sums.some(({ sum }) => sum.revenue.has(currency)))
          .map((currency) => ({
            id: `${label} ${currency}`,
            label: `${label}, ${currency}`,
            points: sums.map(({ step, sum }) => ({ step, value: sum.revenue.get(currency) ?? 0 })),
          }));
      default:
        return [{ id: label, label, points: shareOf(figure) }];
    }
  });
}

/** Names of the parts, as they follow that of the placement. */
const PART_OF: Readonly<Record<EarningsParts, (figures: DailyFigures) => string>> = {
  placement: () => '',
  version: (figures) => `, ${makerOf(figures)}`,
  arm: ({ arm }) => (arm == null ? '' : `, ${arm.name} since ${formatDay(dayOf(arm.experiment.startedAt))}`),
};

function dayOf(time: string): number {
  return Math.floor(Date.parse(time) / MS_PER_DAY);
}

function groupedBy<T, Key>(values: readonly T[], keyOf: (value: T) => Key): ReadonlyMap<Key, readonly T[]> {
  const groups = new Map<Key, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** @returns What made the lists, in words. */
export function makerOf({ modelVersion, isPopularity }: Pick<DailyFigures, 'modelVersion' | 'isPopularity'>): string {
  if (isPopularity) return 'popularity';
  return modelVersion == null ? 'removed version' : `version ${modelVersion.number}`;
}
