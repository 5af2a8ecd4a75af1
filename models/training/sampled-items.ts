/**
 * The items of one step of a large catalogue. Over all of a million items the item head's softmax would take gigabytes, and nearly all of
 * the step's time.
 *
 * A step has all items of its batch, each for itself alone, and others that stand for the rest of the catalogue: half of the draws by
 * popularity, half evenly. An item that is drawn is raised by the logarithm of its draws over those expected, so the estimate of the
 * softmax's sum has no bias.
 *
 * Source: Bengio & Senécal, "Adaptive Importance Sampling" (2008), and the correction as in Yi et al., "Sampling-Bias-Corrected Neural
 * Modeling for Large Corpus Item Recommendations" (2019); the batch's items kept whole as in Jean et al. (2015), section 3.
 */
import type { HostTensor, HostTensors } from '../compute/device';
import { learnsBaskets, trainingCounts } from '../data/interactions';
import type { BatchSizes, BatchSource } from '../data/sequence-batches';
import { placeOf } from '../math/arrays';
import type { Random } from '../math/random';
import { FORBIDDEN } from '../seq2seq/attention';
import { UNKNOWN_ITEM } from '../seq2seq/batches';

/** In a catalogue of at most so many items, a step computes the whole softmax. */
const FULL_SOFTMAX_ITEMS = 1 << 15;
/** Draws of a step; several times as many as a batch has targets. */
const SOFTMAX_DRAWS = 1 << 13;

/** @returns Null where the catalogue is not large. */
export function sampledItems({ model, log, split }: BatchSource, { batchSize }: BatchSizes): SampledItems | null {
  const numItems = (model.params.itemVectors?.shape[0] ?? 1) - 1;
  if (numItems <= FULL_SOFTMAX_ITEMS) return null;
  // A window has a source for each target; a basket of one item may have a whole history.
  const sources = learnsBaskets(log, split) ? batchSize * model.config.maxHistory : batchSize;
  const size = 1 + Math.min(numItems, SOFTMAX_DRAWS + batchSize + sources);
  return new SampledItems(trainingCounts(log, split, numItems), size);
}

/** The rows of a step, and its inputs in which items are places among them. */
export interface StepItems {
  /** Rows of the item vectors, first that of unknown items, each once; int32 `[C]` with C ≤ `size`. */
  readonly rows: Int32Array;
  /** The inputs of a `SequenceBatch` with `items` and `targetItems` as places. */
  readonly inputs: HostTensors;
  /** For `batchLoss`; float32 `[size − 1]`. Places without a row have −1e9. */
  readonly softmaxWeights: HostTensor;
}

export class SampledItems {
  /** Expected draws of all items up to each. */
  private readonly ends: Float64Array;
  /** Place of each row in the present step; 0: it has none. */
  private readonly places: Int32Array;

  /**
   * @param counts - How often each item occurs; float64 `[N]`.
   * @param size - Places that a step has: one more than its draws and the items of its batch together, or than all items.
   */
  constructor(
    counts: Float64Array,
    readonly size: number,
    draws = SOFTMAX_DRAWS,
  ) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    let end = 0;
    this.ends = counts.map(
      (count) => (end += Math.min(1, (draws / 2) * (1 / counts.length + count / Math.max(1, total)))),
    );
    this.places = new Int32Array(counts.length + 1);
  }

  /** @param inputs - The inputs of a `SequenceBatch`. */
  draw(inputs: HostTensors, random: Random): StepItems {
    const rows = new Int32Array(this.size);
    const weights = new Float64Array(this.size);
    let count = UNKNOWN_ITEM + 1;
    const placed = (row: number) => {
      if (this.places[row] > 0) return this.places[row];
      rows[count] = row;
      return (this.places[row] = count++);
    };
    for (const { data } of [inputs.items, inputs.targetItems])
      for (const row of data) if (row !== UNKNOWN_ITEM) weights[placed(row)] = 1;
    const numKept = count;
    for (const row of this.drawRows(random)) {
      const place = placed(row);
      if (place >= numKept) weights[place] += 1 / this.expected(row);
    }
    const [items, targetItems] = [this.localTo(inputs.items), this.localTo(inputs.targetItems)];
    const drawn = rows.subarray(0, count);
    for (const row of drawn) this.places[row] = 0;
    const logWeights = Float32Array.from(weights.subarray(1), (weight) => (weight > 0 ? Math.log(weight) : FORBIDDEN));
    return {
      rows: drawn,
      inputs: { ...inputs, items, targetItems },
      softmaxWeights: { shape: [logWeights.length], data: logWeights },
    };
  }

  /** One draw in each piece of length 1: so no part of the catalogue is drawn much more often than expected. */
  private *drawRows(random: Random): Generator<number> {
    const total = this.ends.at(-1) ?? 0;
    for (let piece = 0; piece < total; piece++) {
      const at = piece + random.next();
      if (at < total) yield 1 + placeOf(this.ends, at);
    }
  }

  private expected(row: number): number {
    return this.ends[row - 1] - (this.ends[row - 2] ?? 0);
  }

  private localTo({ shape, data }: HostTensor): HostTensor {
    return { shape, data: data.map((row) => this.places[row]) };
  }
}
