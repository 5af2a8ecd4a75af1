/** How well items are recommended that the training never saw, and what it costs the others to keep places for them. */
import type { HeldOut } from '../data/interactions';
import { withReserved } from '../decoding/reserved-slots';
import { hitRank, plainMetric, prefixed, rankingMetrics, type MetricValue } from './metrics';

/** Places of the list that are kept for withheld items, as the server keeps them for `coldStartShare`. */
const SLOTS = [0, 1, 2];
/** So many withheld items a user are looked at. */
export const MOST_RESERVED = Math.max(...SLOTS);
const LIST_SIZE = 10;

/** Lists of item rows, one a user, in the order of the cases. */
export interface ColdStartLists {
  readonly cases: readonly HeldOut[];
  /** What is served without a place kept. */
  readonly served: readonly (readonly number[])[];
  /** Withheld items alone, by name of who ranks them; the places kept are filled from their beginnings. */
  readonly fresh: Readonly<Record<string, readonly (readonly number[])[]>>;
}

/**
 * With `n` of the ten places kept and filled by `NAME`: `cold.NAME.reserved-n.recall@10`, of the withheld targets alone, over the
 * users who have one; `cold.NAME.reserved-n.all.recall@10` and `.all.ndcg@10` over all users.
 *
 * @param withheld - Item rows.
 */
export function coldStartMetrics(
  { cases, served, fresh }: ColdStartLists,
  withheld: Int32Array,
  seed: number,
): MetricValue[] {
  const isWithheld = new Set(withheld);
  const cold = cases.map(({ targets }) => targets.filter((item) => isWithheld.has(item)));
  const listsOf = (filler: readonly (readonly number[])[], slots: number) =>
    served.map((list, i) => reserve(list, filler[i].slice(0, slots)));
  const at10 = (ranks: readonly number[]) => rankingMetrics(ranks, seed).filter(({ name }) => name.endsWith('@10'));
  return [
    plainMetric('cold.items', withheld.length),
    plainMetric('cold.users', cold.filter((targets) => targets.length > 0).length),
    ...Object.entries(fresh).flatMap(([name, filler]) =>
      SLOTS.flatMap((slots) => {
        const lists = listsOf(filler, slots);
        const ranks = lists.flatMap((list, i) => (cold[i].length === 0 ? [] : [hitRank(list, cold[i])]));
        const all = lists.map((list, i) => hitRank(list, cases[i].targets));
        return prefixed(`cold.${name}.reserved-${slots}.`, [...at10(ranks), ...prefixed('all.', at10(all))]);
      }),
    ),
  ];
}

function reserve(list: readonly number[], fresh: readonly number[]): number[] {
  const entries = (rows: readonly number[]) => rows.map((itemId) => ({ itemId }));
  return withReserved(entries(list), entries(fresh), LIST_SIZE).map(({ itemId }) => itemId);
}
