/**
 * The item vectors that training starts from: the strongest directions of the matrix of neighbour counts. The dot product of two
 * of them is close to how often the items are neighbours, so an item head starts as an item-kNN, and training improves it.
 *
 * Randomised subspace iteration. Source: Halko, Martinsson & Tropp (2011), algorithms 4.4 and 5.3.
 */
import type { InteractionLog, Split } from '../data/interactions';
import { countNeighbours } from '../data/neighbours';
import { symmetricEigen } from '../math/eigen';
import { multiplyTransposed, transpose } from '../math/host-matrix';
import { createRandom } from '../math/random';
import { Rows } from '../math/rows';

/** Directions computed beyond those returned, and passes over the matrix: with both, the weakest returned ones converge. */
const OVERSAMPLING = 16;
const PASSES = 4;
/** The mean length of a row is 1, but that of the rows with neighbours is not more than this: see docs/choices.md. */
const MAX_LENGTH = 1.1;

/**
 * Computes start vectors from the training part.
 *
 * @param size - Width of a vector, D.
 * @returns float32 `[N, D]`. The mean length of a row is 1, or less where many items have no neighbours: they have zeros. Where the
 *   matrix has fewer than D directions, the other columns are zeros.
 */
export function spectralVectors(log: InteractionLog, split: Split, numItems: number, size: number, seed: number) {
  const matrix = neighbourMatrix(log, split, numItems);
  const wanted = Math.min(size + OVERSAMPLING, numItems);
  let basis = randomBlock(numItems, wanted, seed);
  for (let pass = 0; pass < PASSES; pass++) basis = orthonormal(multiply(matrix, basis, wanted), wanted);
  const { values, vectorOf } = symmetricEigen(gram(basis, multiply(matrix, basis, wanted), wanted), wanted);
  const directions = new Float32Array(size * wanted);
  for (let d = 0; d < Math.min(size, wanted); d++) {
    const length = Math.sqrt(Math.max(0, values[d]));
    directions.set(
      vectorOf(d).map((x) => x * length),
      d * wanted,
    );
  }
  const vectors = new Float64Array(numItems * size);
  multiplyTransposed(basis, directions, wanted, vectors);
  return scaled(vectors, size);
}

/** A symmetric sparse matrix, row after row. */
interface SparseMatrix {
  /** int32 `[N + 1]`. */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly weights: Float32Array;
}

/** Neighbour counts divided by the root of both items' popularity, which makes them cosines. */
function neighbourMatrix(log: InteractionLog, split: Split, numItems: number): SparseMatrix {
  const { popularity, near } = countNeighbours(log, split, numItems);
  const { starts, items } = near;
  const weights = new Float32Array(items.length);
  for (let item = 0; item < numItems; item++)
    for (let at = starts[item]; at < starts[item + 1]; at++)
      weights[at] = near.weights[at] / Math.sqrt(popularity[item] * popularity[items[at]]);
  return { starts, columns: items, weights };
}

/** Matrix `[N, N]` times block `[N, width]`. */
function multiply({ starts, columns, weights }: SparseMatrix, block: Float32Array, width: number): Float32Array {
  const out = new Float32Array(block.length);
  for (let row = 0; row + 1 < starts.length; row++) {
    for (let at = starts[row]; at < starts[row + 1]; at++) {
      const [from, to, weight] = [columns[at] * width, row * width, weights[at]];
      for (let i = 0; i < width; i++) out[to + i] += weight * block[from + i];
    }
  }
  return out;
}

/** Aᵀ · B of two blocks `[N, width]`; float64 `[width, width]`. */
function gram(a: Float32Array, b: Float32Array, width: number): Float64Array {
  const rows = a.length / width;
  const out = new Float64Array(width * width);
  multiplyTransposed(transpose(a, rows), transpose(b, rows), rows, out);
  return out;
}

/** An orthonormal basis of the block's columns, from the eigenvectors of its Gram matrix; missing directions become zeros. */
function orthonormal(block: Float32Array, width: number): Float32Array {
  const { values, vectorOf } = symmetricEigen(gram(block, block, width), width);
  const directions = new Float32Array(width * width);
  for (let d = 0; d < width; d++) {
    if (!(values[d] > values[0] * 1e-9)) continue;
    directions.set(
      vectorOf(d).map((x) => x / Math.sqrt(values[d])),
      d * width,
    );
  }
  const basis = new Float64Array(block.length);
  multiplyTransposed(block, directions, width, basis);
  return Float32Array.from(basis);
}

function randomBlock(rows: number, width: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: rows * width }, () => random.normal());
}

function scaled(vectors: Float64Array, size: number): Float32Array {
  const rows = new Rows(vectors, size);
  let [lengths, near] = [0, 0];
  for (let row = 0; row < rows.count; row++) {
    const length = Math.hypot(...rows.row(row));
    lengths += length;
    if (length > 0) near++;
  }
  const scale = lengths > 0 ? Math.min(rows.count, MAX_LENGTH * near) / lengths : 0;
  return Float32Array.from(vectors, (x) => x * scale);
}
