/** Counts how often items are bought near one another in the training part, one item at a time, so that few counts are in memory. */
import { trainingPart, type InteractionLog, type Split } from './interactions';

/** The pairs of item row r are the entries `starts[r] … starts[r + 1] − 1`, in the order in which the log first has them. */
export interface PairCounts {
  /** int32 `[N + 1]`. */
  readonly starts: Int32Array;
  /** Rows of the other items; int32 `[entries]`. */
  readonly items: Int32Array;
  /** float64 `[entries]`. */
  readonly weights: Float64Array;
  /** Interactions of each item; int32 `[N]`. As in the pairs, one of each kind counts as much: a view tells as well what goes together. */
  readonly occurrences: Int32Array;
}

/** How near two interactions of a history must be to be a pair, and how much it counts. */
export interface Reach {
  /** Pairs that are more steps apart do not count. */
  readonly window: number;
  /** What a pair that is d steps apart adds to the weight from its first item to its second. */
  readonly count: (d: number) => number;
  /** The share of that which it adds to the weight from its second item to its first. */
  readonly backward: number;
  /** Whether an item that comes again is its own neighbour. */
  readonly hasSelf: boolean;
}

/** The reach of baselines and start weights. */
export const BASELINE_REACH: Reach = { window: 3, count: (d) => 1 / d, backward: 1, hasSelf: false };

/** Counts the pairs of items in each user's training part. */
export function countPairs(log: InteractionLog, split: Split, numItems: number, reach: Reach): PairCounts {
  const occurrences = occurrencesOf(log, split, numItems);
  const count: CountRow = (item, counts) => countRow(log, occurrences, reach, item, counts);
  // As many as there can be: what is never written takes no memory.
  const room = 2 * reach.window * occurrences.positions.length;
  const starts = new Int32Array(numItems + 1);
  const [items, weights] = [new Int32Array(room), new Float64Array(room)];
  forEachRow(numItems, count, (item, near, counts) => {
    starts[item + 1] = starts[item] + near.length;
    items.set(near, starts[item]);
    near.forEach((other, i) => (weights[starts[item] + i] = counts[other]));
  });
  const end = starts[numItems];
  return {
    starts,
    items: items.subarray(0, end),
    weights: weights.subarray(0, end),
    occurrences: Int32Array.from({ length: numItems }, (_, i) => occurrences.starts[i + 1] - occurrences.starts[i]),
  };
}

/** Adds up the item's pairs in `counts`, which is zeros before. @returns The rows of its neighbours. */
export type CountRow = (item: number, counts: Float64Array) => number[];

/** Visits each item with its neighbours and their weights, by the neighbours' rows; the weights hold during the visit alone. */
export function forEachRow(
  numItems: number,
  count: CountRow,
  visit: (item: number, near: readonly number[], counts: Float64Array) => void,
): void {
  const counts = new Float64Array(numItems);
  for (let item = 0; item < numItems; item++) {
    const near = count(item, counts);
    visit(item, near, counts);
    for (const other of near) counts[other] = 0;
  }
}

/** Adds up the item's pairs in `counts`. @returns The rows of its neighbours. */
export function countRow(
  { items }: InteractionLog,
  { starts, positions, from, to }: Occurrences,
  { window, count, backward, hasSelf }: Reach,
  item: number,
  counts: Float64Array,
): number[] {
  const near: number[] = [];
  const add = (other: number, weight: number) => {
    if (weight === 0 || (other === item && !hasSelf)) return;
    if (counts[other] === 0) near.push(other);
    counts[other] += weight;
  };
  for (let i = starts[item]; i < starts[item + 1]; i++) {
    const at = positions[i];
    for (let other = Math.max(from[i], at - window); other < at; other++)
      add(items[other], backward * count(at - other));
    for (let other = at + 1; other < Math.min(to[i], at + window + 1); other++) add(items[other], count(other - at));
  }
  return near;
}

/** Where each item stands in the training parts: those of item row r are `positions[starts[r]] … positions[starts[r + 1] − 1]`. */
export interface Occurrences {
  readonly starts: Int32Array;
  readonly positions: Int32Array;
  /** First position of the user's training part, and its end, for each of `positions`. */
  readonly from: Int32Array;
  readonly to: Int32Array;
}

export function occurrencesOf(log: InteractionLog, split: Split, numItems: number): Occurrences {
  const starts = new Int32Array(numItems + 1);
  forEachPosition(log, split, (at) => starts[log.items[at] + 1]++);
  for (let item = 0; item < numItems; item++) starts[item + 1] += starts[item];
  const next = starts.slice();
  const total = starts[numItems];
  const [positions, from, to] = [new Int32Array(total), new Int32Array(total), new Int32Array(total)];
  forEachPosition(log, split, (at, start, end) => {
    const slot = next[log.items[at]]++;
    [positions[slot], from[slot], to[slot]] = [at, start, end];
  });
  return { starts, positions, from, to };
}

function forEachPosition(
  log: InteractionLog,
  split: Split,
  visit: (at: number, start: number, end: number) => void,
): void {
  for (let user = 0; user < log.userKeys.length; user++) {
    const [start, end] = trainingPart(log, split, user);
    for (let at = start; at < end; at++) visit(at, start, end);
  }
}
