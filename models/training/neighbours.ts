/** What is bought near what: counts over the training part. */
import type { InteractionLog, Split } from './interactions';

/** Pairs this many steps apart at most count as neighbours; a pair d steps apart weighs 1/d. */
const WINDOW = 3;

/** Item row → item row → weight. */
export type Counts = ReadonlyMap<number, ReadonlyMap<number, number>>;

export interface NeighbourCounts {
  /** Interactions of each item; float64 `[N]`. */
  readonly popularity: Float64Array;
  /** Symmetric. */
  readonly near: Counts;
}

export function countNeighbours(log: InteractionLog, split: Split, numItems: number): NeighbourCounts {
  const popularity = new Float64Array(numItems);
  const near = new Map<number, Map<number, number>>();
  for (let user = 0; user < log.userKeys.length; user++) {
    const items = log.items.subarray(log.offsets[user], split.trainEnd[user]);
    items.forEach((item, i) => {
      popularity[item]++;
      for (let j = i + 1; j < items.length && j <= i + WINDOW; j++) {
        bump(near, item, items[j], 1 / (j - i));
        bump(near, items[j], item, 1 / (j - i));
      }
    });
  }
  return { popularity, near };
}

export function bump(counts: Map<number, Map<number, number>>, from: number, to: number, weight: number): void {
  if (from === to) return;
  const row = counts.get(from) ?? new Map<number, number>();
  row.set(to, (row.get(to) ?? 0) + weight);
  counts.set(from, row);
}
