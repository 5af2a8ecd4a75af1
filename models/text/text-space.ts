/**
 * Texts as directions; the cosine of two directions says how similar the texts are. In a sentence encoder's own space a few common
 * directions outweigh those that tell texts apart, such as a brand. After whitening all directions have the same weight.
 */
import type { HostTensor, HostTensors } from '../compute/device';
import { HISTORY_DECAY } from '../config';
import { Rows } from '../math/rows';
import { type PrincipalAxes, whiten, type Whitening, whiteningBy } from './whitening';

/** Width of the directions that lists are made with: see docs/choices.md. */
export const ITEM_TEXT_SIZE = 256;

export class TextSpace {
  private constructor(private readonly whitening: Whitening) {}

  /** With few items per direction the variances are uncertain, so they are shrunk by `dims / N`. */
  static by(axes: PrincipalAxes): TextSpace {
    const dims = axes.mean.length;
    return new TextSpace(whiteningBy(axes, dims, dims / axes.count));
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
   * @param size - How many components are read, the strongest first.
   * @returns float32 `[N, size]`, rows of length 1; a vector that equals the mean gives zeros.
   */
  directions(vectors: Float32Array, size = this.size): Float32Array {
    const { mean, components } = this.whitening;
    const strongest = { mean, components: components.subarray(0, size * this.dims) };
    const directions = new Rows(whiten(strongest, vectors), size);
    for (let row = 0; row < directions.count; row++) normalise(directions.row(row));
    return directions.values;
  }

  /** @returns The variance along each of the `size` strongest components, which whitening divides by; float32 `[size]`. */
  variances(size: number): Float32Array {
    const { components } = this.whitening;
    return Float32Array.from({ length: size }, (_, i) => {
      const component = components.subarray(i * this.dims, (i + 1) * this.dims);
      return 1 / component.reduce((sum, x) => sum + x * x, 0); // a unit vector over the deviation
    });
  }

  /**
   * @param vectors - float32 `[N, dims]`.
   * @returns One direction a row for making lists, and before them zeros for unknown items; float32 `[N + 1, F]`.
   */
  itemTable(vectors: Float32Array): HostTensor {
    const size = Math.min(ITEM_TEXT_SIZE, this.size);
    const directions = this.directions(vectors, size);
    const table = new Float32Array(size + directions.length);
    table.set(directions, size);
    return { shape: [table.length / size, size], data: table };
  }

  /** @returns All parts by name, for a checkpoint. */
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
 * @param directions - Directions of the items, oldest first.
 * @param direction - Filled with their weighted sum, scaled to length 1; the newest has the largest weight. Zeros if there are none.
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
