/** Measures how well withheld items are recommended, and how much the other items lose when places are kept for them. */
import type { HeldOut } from '../data/interactions';
import { withReserved } from '../decoding/reserved-places';
import { hitRank, plainMetric, prefixed, rankingMetrics, type MetricValue } from './metrics';

/** How many places of a list are kept for withheld items, as the server keeps them for `coldStartShare`. */
const PLACES = [0, 1, 2];
/** How many withheld items per user are needed. */
export const MAX_RESERVED = Math.max(...PLACES);
const LIST_SIZE = 10;

/** Lists of item rows, one per user, in the order of the cases. */
export interface ColdStartLists {
  readonly cases: readonly HeldOut[];
  /** The lists that are served when no place is kept. */
  readonly served: readonly (readonly number[])[];
  /** Lists of withheld items alone, by the name of the method that ranks them. Their first items fill the places kept. */
  readonly withheldLists: Readonly<Record<string, readonly (readonly number[])[]>>;
}

/**
 * Measures lists of ten in which `NAME` fills `n` places: `cold.NAME.reserved-n.recall@10` and `.ndcg@10` count the withheld targets
 * alone, over the users who have one; `cold.NAME.reserved-n.all.recall@10` and `.all.ndcg@10` are over all users.
 *
 * @param withheld - Item rows.
 */
export function coldStartMetrics(
  { cases, served, withheldLists }: ColdStartLists,
  withheld: Int32Array,
  seed: number,
): MetricValue[] {
  const isWithheld = new Set(withheld);
  const cold = cases.map(({ targets }) => targets.filter((item) => isWithheld.has(item)));
  const listsOf = (filler: readonly (readonly number[])[], places: number) =>
    served.map((list, i) => reserve(list, filler[i].slice(0, places)));
  const at10 = (ranks: readonly number[]) => rankingMetrics(ranks, seed).filter(({ name }) => name.endsWith('@10'));
  return [
    plainMetric('cold.items', withheld.length),
    plainMetric('cold.users', cold.filter((targets) => targets.length > 0).length),
    ...Object.entries(withheldLists).flatMap(([name, filler]) =>
      PLACES.flatMap((places) => {
        const lists = listsOf(filler, places);
        const ranks = lists.flatMap((list, i) => (cold[i].length === 0 ? [] : [hitRank(list, cold[i])]));
        const all = lists.map((list, i) => hitRank(list, cases[i].targets));
        return prefixed(`cold.${name}.reserved-${places}.`, [...at10(ranks), ...prefixed('all.', at10(all))]);
      }),
    ),
  ];
}

function reserve(list: readonly number[], reserved: readonly number[]): number[] {
  const entries = (rows: readonly number[]) => rows.map((itemId) => ({ itemId }));
  return withReserved(entries(list), entries(reserved), LIST_SIZE).map(({ itemId }) => itemId);
}
