/** Earnings of lists: sums of the figures of placements. */
import type { EarnedFragment } from '../../graphql/graphql';

/** Sums of some lists. */
export interface Earnings {
  readonly lists: number;
  readonly clicked: number;
  readonly purchased: number;
  readonly revenue: ReadonlyMap<string, number>;
}

const NOTHING: Earnings = { lists: 0, clicked: 0, purchased: 0, revenue: new Map() };

export function sumOf(figures: readonly EarnedFragment[]): Earnings {
  return figures.reduce<Earnings>((sum, { lists, clicked, purchased, revenue }) => {
    const total = new Map(sum.revenue);
    for (const { currency, total: more } of revenue) total.set(currency, (total.get(currency) ?? 0) + more);
    return {
      lists: sum.lists + lists,
      clicked: sum.clicked + clicked.count,
      purchased: sum.purchased + purchased.count,
      revenue: total,
    };
  }, NOTHING);
}
