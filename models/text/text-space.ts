/**
 * Texts as directions whose cosines say how near two of them lie. In a sentence encoder's own space a few directions that all texts
 * share outweigh what tells them apart, such as a brand; whitened, all count alike.
 */
import type { HostTensors } from '../compute/device';
import { Rows } from '../math/rows';
import { fitWhitening, whiten, type Whitening } from './item-features';

/** Each step back in a history counts this much less. */
export const HISTORY_DECAY = 0.7;

export class TextSpace {
  private constructor(private readonly whitening: Whitening) {}

  /**
   * The fewer items there are for the directions, the less their variances are trusted: shrunk by `dims / N`.
   *
   * @param vectors - float32 `[N, dims]`.
   * @throws {ShapeError} See `fitWhitening`.
   */
  static fit(vectors: Float32Array, dims: number): TextSpace {
    return new TextSpace(fitWhitening(vectors, dims, dims, (dims * dims) / vectors.length));
  }

  /** Width of the text vectors that it reads. */
  get dims(): number {
    return this.whitening.mean.length;
  }

  /** Width of a direction. */
  get size(): number {
    return this.whitening.components.length / this.dims;
  }

  /**
   * @param vectors - float32 `[N, dims]`.
   * @returns float32 `[N, size]`, rows of length 1; one that is the mean itself is zeros.
   */
  directions(vectors: Float32Array): Float32Array {
    const directions = new Rows(whiten(this.whitening, vectors), this.size);
    for (let row = 0; row < directions.count; row++) normalise(directions.row(row));
    return directions.values;
  }

  /** @returns All that it is made of, by name, for a checkpoint. */
  toTensors(): HostTensors {
    const { mean, components } = this.whitening;
    return {
      mean: { shape: [this.dims], data: mean },
      components: { shape: [this.size, this.dims], data: components },
    };
  }

  static fromTensors({ mean, components }: HostTensors): TextSpace {
    return new TextSpace({ mean: mean.data as Float32Array, components: components.data as Float32Array });
  }
}

/**
 * @param directions - Of the items, oldest first.
 * @param direction - Filled with their sum, the newest weighing most, at length 1; zeros where there is none.
 */
export function historyDirection(directions: readonly Float32Array[], direction: Float32Array): void {
  direction.fill(0);
  let weight = 1;
  for (let at = directions.length - 1; at >= 0; at--, weight *= HISTORY_DECAY)
    for (let d = 0; d < direction.length; d++) direction[d] += weight * directions[at][d];
  normalise(direction);
}

function normalise(vector: Float32Array): void {
  let squares = 0;
  for (const x of vector) squares += x * x;
  const length = Math.sqrt(squares) || 1;
  for (let i = 0; i < vector.length; i++) vector[i] /= length;
}
