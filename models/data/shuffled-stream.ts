/** An endless sequence of row numbers: passes over the data, each in its own random order. */
import { createRandom } from '../math/random';

/** Any part can be read at any time, so that a resumed training continues where it stopped. */
export class ShuffledStream {
  private pass = -1;
  private readonly order: Int32Array;

  constructor(
    private readonly numRows: number,
    private readonly seed: number,
  ) {
    this.order = new Int32Array(numRows);
  }

  /** @returns The entries `start … start+size-1` of the sequence; int32 `[size]`. */
  take(start: number, size: number): Int32Array {
    return Int32Array.from({ length: size }, (_, i) => this.at(start + i));
  }

  private at(position: number): number {
    const pass = Math.floor(position / this.numRows);
    if (pass !== this.pass) this.shuffle(pass);
    return this.order[position % this.numRows];
  }

  private shuffle(pass: number): void {
    for (let row = 0; row < this.numRows; row++) this.order[row] = row;
    createRandom(this.seed, pass + 1).shuffle(this.order);
    this.pass = pass;
  }
}
