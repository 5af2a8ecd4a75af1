/** Items to write as a training step reads them: their codes for the decoder, their rows for the item head, padded at the front. */
import type { HostTensors } from '../compute/device';
import { Rows } from '../math/rows';
import type { Seq2Seq, SourceItem } from './source';

/** A batch of targets that is being filled. They are at the end of a row, as the items of a `SourceBatch` are. */
export class TargetBatch {
  private readonly codes: Rows<Int32Array>;
  private readonly items: Int32Array;
  private readonly weights: Float32Array;

  /** @param slots - For how many targets each row has room. */
  constructor(
    private readonly model: Seq2Seq,
    private readonly batch: number,
    private readonly slots: number,
  ) {
    const { idLength } = model.vocabulary;
    this.codes = new Rows(new Int32Array(batch * slots * idLength), idLength);
    this.items = new Int32Array(batch * slots);
    this.weights = new Float32Array(batch * slots);
  }

  write(row: number, targets: readonly SourceItem[]): void {
    const end = (row + 1) * this.slots;
    const first = end - targets.length;
    targets.forEach(({ codes, row: itemRow }, i) => {
      this.codes.set(first + i, codes);
      this.items[first + i] = itemRow;
    });
    this.weights.fill(1, first, end);
  }

  /**
   * @returns `targets` int32 `[B, T, idLength]`; `weights` float32 `[B, T]`, 0 for padding; and where the model has item vectors
   *   `targetItems` int32 `[B, T]`, their rows.
   */
  inputs(): HostTensors {
    const shape = [this.batch, this.slots];
    const inputs = {
      targets: { shape: [...shape, this.codes.dims], data: this.codes.values },
      weights: { shape, data: this.weights },
    };
    return this.model.params.itemVectors === null ? inputs : { ...inputs, targetItems: { shape, data: this.items } };
  }
}
