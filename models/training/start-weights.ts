/**
 * The weights that a model with item vectors starts from, so that both heads begin as an item-kNN. The item vectors are spectral
 * vectors. The output weights of a code are the mean of its items' vectors, after the weights of the levels before have been
 * subtracted. The scores of an item's codes then add up to nearly its score under the item head.
 */
import type { Device } from '../compute/device';
import type { InteractionLog, Split } from '../data/interactions';
import { BASELINE_WINDOW, countPairs } from '../data/neighbours';
import { symmetricEigen, multiplyTransposed, transpose } from '../math/linear-algebra';
import { createRandom } from '../math/random';
import { Rows } from '../math/rows';
import type { SemanticId } from '../semantic-id/semantic-ids';
import type { Seq2Seq } from '../seq2seq/batches';

export interface StartData {
  readonly log: InteractionLog;
  readonly split: Split;
  /** One for each item row. */
  readonly semanticIds: readonly SemanticId[];
  readonly seed: number;
}

/** Writes the start weights into a model; does nothing to a model without item vectors. */
export function startWeights({ params }: Seq2Seq, device: Device, { log, split, semanticIds, seed }: StartData): void {
  if (params.itemVectors === null) return;
  const [rows, size] = params.itemVectors.shape as [number, number];
  const vectors = spectralVectors(log, split, rows - 1, size, seed);
  const withUnknown = new Float32Array(rows * size);
  withUnknown.set(vectors, size);
  device.write(params.itemVectors, withUnknown);
  const [, , codebookSize] = params.head.shape as [number, number, number];
  device.write(params.head, meansByCode(vectors, semanticIds, size, codebookSize));
}

/** @returns float32 `[idLength, D, K]`; zeros for codes that no item has. */
function meansByCode(
  vectors: Float32Array,
  semanticIds: readonly SemanticId[],
  size: number,
  codebookSize: number,
): Float32Array {
  const idLength = semanticIds[0]?.length ?? 0;
  const residuals = vectors.slice();
  const means = new Float32Array(idLength * size * codebookSize);
  for (let level = 0; level < idLength; level++) {
    const counts = new Int32Array(codebookSize);
    for (const id of semanticIds) counts[id[level]]++;
    const at = (code: number, d: number) => (level * size + d) * codebookSize + code;
    semanticIds.forEach((id, row) => {
      for (let d = 0; d < size; d++) means[at(id[level], d)] += residuals[row * size + d] / counts[id[level]];
    });
    semanticIds.forEach((id, row) => {
      for (let d = 0; d < size; d++) residuals[row * size + d] -= means[at(id[level], d)];
    });
  }
  return means;
}

/** Directions computed beyond those returned, and passes over the matrix: with both, the weakest returned ones converge. */
const OVERSAMPLING = 16;
const PASSES = 4;
/** The mean length of a row is 1, but that of the rows with neighbours is not more than this: see docs/choices.md. */
const MAX_LENGTH = 1.1;

/**
 * Computes the item vectors that training starts from: the strongest directions of the matrix of neighbour counts. The dot product of
 * two of them is close to how often the items are neighbours, so an item head starts as an item-kNN, and training improves it.
 *
 * Randomised subspace iteration. Source: Halko, Martinsson & Tropp (2011), algorithms 4.4 and 5.3.
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

/** Pairs of neighbours divided by the root of both items' occurrences, which makes them cosines. */
function neighbourMatrix(log: InteractionLog, split: Split, numItems: number): SparseMatrix {
  const near = countPairs(log, split, numItems, { window: BASELINE_WINDOW, backward: 1 });
  const { starts, items, occurrences } = near;
  const weights = new Float32Array(items.length);
  for (let item = 0; item < numItems; item++)
    for (let at = starts[item]; at < starts[item + 1]; at++)
      weights[at] = near.weights[at] / Math.sqrt(occurrences[item] * occurrences[items[at]]);
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
