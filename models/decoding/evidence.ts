/**
 * Probabilities of items that no model learns: from the neighbours of a history's items, and from its own items. They are mixed into the
 * item head's probabilities.
 */
import { MAX_HISTORY } from '../config';

/** The neighbours of item row r are the entries `offsets[r] … offsets[r + 1] − 1`, the strongest first. */
export interface NeighbourTable {
  /** int32 `[N + 1]`. */
  readonly offsets: Int32Array;
  /** Item rows; int32 `[entries]`. */
  readonly items: Int32Array;
  /** Count of the pair, divided by the root of one more than the count of all pairs of the item; float32 `[entries]`. */
  readonly weights: Float32Array;
}

/** The same, wherever it lies. */
export interface NeighbourSource {
  readonly offsets: Int32Array;
  readonly items: Slices<Int32Array>;
  readonly weights: Slices<Float32Array>;
}

/** Numbers of which some are read. */
interface Slices<T> {
  subarray(begin: number, end: number): T;
}

/** Items far back in a history, whose weight is smaller, do not count. */
const MIN_WEIGHT = 1e-3;

/**
 * @param history - Item rows, oldest first, of which the newest `MAX_HISTORY` count; those outside the table are passed over.
 * @param decay - The weight of an item is `decay` times the weight of the item after it; 1: the order does not matter.
 * @param live - 1 for each item row that may be next, 0 for the others; float32 `[N]`; absent: each may.
 * @returns Item row → probability of being next; nothing when no item of the history has live neighbours.
 */
export function neighbourProbabilities(
  table: NeighbourSource,
  history: ArrayLike<number>,
  decay: number,
  live?: Float32Array,
): Map<number, number> {
  const { offsets } = table;
  const sums = sumsFor(table);
  const found: number[] = [];
  let total = 0;
  let weight = 1;
  const oldest = Math.max(0, history.length - MAX_HISTORY);
  for (let i = history.length - 1; i >= oldest && weight > MIN_WEIGHT; i--, weight *= decay) {
    const [begin, end] = [offsets[history[i]], offsets[history[i] + 1]];
    if (!(begin < end)) continue; // it has no neighbours, or the table has no such row
    const [items, weights] = [table.items.subarray(begin, end), table.weights.subarray(begin, end)];
    for (let entry = 0; entry < items.length; entry++) {
      const item = items[entry];
      if (live?.[item] === 0) continue;
      if (sums[item] === UNTOUCHED) {
        sums[item] = 0;
        found.push(item);
      }
      const part = weight * weights[entry];
      sums[item] += part;
      total += part;
    }
  }
  const probabilities = new Map<number, number>();
  for (const item of found) {
    probabilities.set(item, sums[item] / total);
    sums[item] = UNTOUCHED;
  }
  return probabilities;
}

const UNTOUCHED = -1;
/** A map of sums would take twice the time and more. */
const allSums = new WeakMap<NeighbourSource, Float64Array>();

/** @returns One number per item row, all untouched. */
function sumsFor(table: NeighbourSource): Float64Array {
  const sums = allSums.get(table) ?? new Float64Array(table.offsets.length - 1).fill(UNTOUCHED);
  allSums.set(table, sums);
  return sums;
}

/** Scores whose probabilities are exp(logit − norm). */
export interface NormedLogits {
  /** float32 `[N]`. */
  readonly logits: Float32Array;
  readonly norm: number;
}

/**
 * p = (1 − share) · p(item head) + share · p(evidence).
 *
 * @param probabilities - From `neighbourProbabilities` or `repeatProbabilities`, by item row; when empty, nothing changes.
 * @param share - Share of these probabilities, below 1.
 * @returns The mixture. Only the logits of their items change, and the norm of all.
 *
 * Source: kNN-LM (Khandelwal et al., 2020), equation 2, which mixes a language model with the words that follow the nearest contexts.
 */
export function mixProbabilities(
  own: NormedLogits,
  probabilities: ReadonlyMap<number, number>,
  share: number,
): NormedLogits {
  if (probabilities.size === 0) return own;
  const norm = own.norm - Math.log(1 - share);
  const logits = own.logits.slice();
  for (const [item, probability] of probabilities)
    logits[item] = norm + Math.log((1 - share) * Math.exp(own.logits[item] - own.norm) + share * probability);
  return { logits, norm };
}

/**
 * Shares of a history's own items, for lists that may have seen items: what was taken often and lately is taken again.
 *
 * @param history - Item rows, oldest first; those below 0 are passed over.
 * @param decay - The weight of an interaction is `decay` times the weight of the one after it; 1: only how often counts.
 * @param live - 1 for each item row that may be next, 0 for the others; float32 `[N]`.
 * @returns Item row → its share of all weights; nothing when no item of the history is live.
 */
export function repeatProbabilities(
  history: ArrayLike<number>,
  decay: number,
  live: Float32Array,
): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  let [total, weight] = [0, 1];
  for (let i = history.length - 1; i >= 0; i--, weight *= decay) {
    const item = history[i];
    if (item < 0 || live[item] === 0) continue;
    sums.set(item, (sums.get(item) ?? 0) + weight);
    total += weight;
  }
  return new Map(Array.from(sums, ([item, sum]) => [item, sum / total]));
}
