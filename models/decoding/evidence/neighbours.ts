/** Evidence of neighbours: items bought near those of the history, by counts alone. */
import { MAX_HISTORY } from '../../config';
import type { Evidence, EvidenceHistory } from './evidence';

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
const UNTOUCHED = -1;

export class Neighbours implements Evidence {
  /** One sum per item row: a map of sums would take twice the time and more. */
  private readonly sums: Float64Array;

  /** @param decay - The weight of an event is `decay` times the weight of the event after it; 1: the order does not matter. */
  constructor(
    private readonly table: NeighbourSource,
    private readonly decay: number,
  ) {
    this.sums = new Float64Array(table.offsets.length - 1).fill(UNTOUCHED);
  }

  /** @param history - The newest `MAX_HISTORY` events count. */
  probabilities({ items }: EvidenceHistory, live?: Float32Array): ReadonlyMap<number, number> {
    const found: number[] = [];
    let [total, weight] = [0, 1];
    const oldest = Math.max(0, items.length - MAX_HISTORY);
    for (let i = items.length - 1; i >= oldest && weight > MIN_WEIGHT; i--, weight *= this.decay)
      total += this.add(items[i], weight, found, live);
    const probabilities = new Map<number, number>();
    for (const item of found) {
      probabilities.set(item, this.sums[item] / total);
      this.sums[item] = UNTOUCHED;
    }
    return probabilities;
  }

  /** @returns The sum of the weights added. */
  private add(row: number, weight: number, found: number[], live?: Float32Array): number {
    const { offsets, ...entries } = this.table;
    const [begin, end] = [offsets[row], offsets[row + 1]];
    if (!(begin < end)) return 0; // it has no neighbours, or the table has no such row
    const [items, weights] = [entries.items.subarray(begin, end), entries.weights.subarray(begin, end)];
    let total = 0;
    for (let entry = 0; entry < items.length; entry++) {
      const item = items[entry];
      if (live?.[item] === 0) continue;
      if (this.sums[item] === UNTOUCHED) {
        this.sums[item] = 0;
        found.push(item);
      }
      const part = weight * weights[entry];
      this.sums[item] += part;
      total += part;
    }
    return total;
  }
}
