/** Counts how often items are bought near one another in the training part. */
import { trainingCounts, type InteractionLog, type Split } from './interactions';

/** Items that are at most this many steps apart count as neighbours. */
export const WINDOW = 3;

/** Item row → item row → weight. */
export type Counts = ReadonlyMap<number, ReadonlyMap<number, number>>;

export interface NeighbourCounts {
  /** Interactions of each item; float64 `[N]`. */
  readonly popularity: Float64Array;
  /** Symmetric. */
  readonly near: Counts;
}

export function countNeighbours(log: InteractionLog, split: Split, numItems: number): NeighbourCounts {
  const near = countPairs(log, split, { window: WINDOW, backward: 1 });
  return { popularity: trainingCounts(log, split, numItems), near };
}

/**
 * Counts the pairs of items in each user's training part. A pair that is d steps apart adds 1/d to the weight from its first item
 * to its second, and `backward` / d to the weight from its second item to its first.
 *
 * @param window - Pairs that are more steps apart do not count.
 */
export function countPairs(
  log: InteractionLog,
  split: Split,
  { window, backward }: { readonly window: number; readonly backward: number },
): Counts {
  const pairs = new Map<number, Map<number, number>>();
  for (let user = 0; user < log.userKeys.length; user++) {
    const items = log.items.subarray(log.offsets[user], split.trainEnd[user]);
    items.forEach((item, i) => {
      for (let j = i + 1; j < items.length && j <= i + window; j++) {
        bump(pairs, item, items[j], 1 / (j - i));
        if (backward > 0) bump(pairs, items[j], item, backward / (j - i));
      }
    });
  }
  return pairs;
}

function bump(counts: Map<number, Map<number, number>>, from: number, to: number, weight: number): void {
  if (from === to) return;
  const row = counts.get(from) ?? new Map<number, number>();
  row.set(to, (row.get(to) ?? 0) + weight);
  counts.set(from, row);
}
