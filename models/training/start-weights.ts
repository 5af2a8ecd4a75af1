/**
 * The weights that a model with item vectors starts from, so that both heads begin as an item-kNN. The item vectors are spectral
 * vectors. The output weights of a code are the mean of its items' vectors, after the weights of the levels before have been
 * subtracted. The scores of an item's codes then add up to nearly its score under the item head.
 */
import type { Device } from '../compute/device';
import type { InteractionLog, Split } from '../data/interactions';
import { BASELINE_REACH, countPairs } from '../data/neighbours';
import { symmetricEigen, multiplyTransposed, transpose } from '../math/linear-algebra';
import { createRandom } from '../math/random';
import { Rows, ROWS_A_READ } from '../math/rows';
import type { SemanticId } from '../semantic-id/semantic-ids';
import type { Seq2Seq } from '../seq2seq/batches';

/**
 * Writes the start weights into a model; does nothing to a model without item vectors.
 *
 * @param semanticIds - One for each item row.
 */
export function startWeights(
  { params }: Seq2Seq,
  device: Device,
  semanticIds: readonly SemanticId[],
  spectral: SpectralVectors,
  onProgress?: OnProgress,
): void {
  if (params.itemVectors === null) return;
  const [rows, size] = params.itemVectors.shape as [number, number];
  const vectors = spectral.of(size, onProgress);
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

interface SpectralData {
  readonly log: InteractionLog;
  readonly split: Split;
  readonly numItems: number;
  readonly seed: number;
}

type OnProgress = (step: number, totalSteps: number) => void;

/** The spectral vectors of one training. Its tokenizer and its model often want the same, which are worked out once. */
export class SpectralVectors {
  private made: Float32Array | null = null;

  constructor(private readonly data: SpectralData) {}

  /**
   * @param size - Width of a vector, D.
   * @param onProgress - In a shop of a million items they take minutes.
   * @returns float32 `[N, D]`, which nobody may change: see `spectralVectors`.
   */
  of(size: number, onProgress?: OnProgress): Float32Array {
    if (this.made?.length !== size * this.data.numItems) this.made = spectralVectors(this.data, size, onProgress);
    return this.made;
  }

  /** Lets go of the memory. */
  dispose(): void {
    this.made = null;
  }
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
function spectralVectors(
  { log, split, numItems, seed }: SpectralData,
  size: number,
  onProgress?: OnProgress,
): Float32Array {
  const matrix = neighbourMatrix(log, split, numItems);
  const wanted = Math.min(size + OVERSAMPLING, numItems);
  let basis = randomBlock(numItems, wanted, seed);
  for (let pass = 0; pass < PASSES; pass++) {
    onProgress?.(pass, PASSES + 1);
    basis = multiply(matrix, basis, wanted);
    makeOrthonormal(basis, wanted);
  }
  onProgress?.(PASSES, PASSES + 1);
  const { values, vectorOf } = symmetricEigen(gram(basis, multiply(matrix, basis, wanted), wanted), wanted);
  const directions = new Float32Array(size * wanted);
  for (let d = 0; d < Math.min(size, wanted); d++) {
    const length = Math.sqrt(Math.max(0, values[d]));
    directions.set(
      vectorOf(d).map((x) => x * length),
      d * wanted,
    );
  }
  return scaledProducts(basis, directions, wanted);
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
  const near = countPairs(log, split, numItems, BASELINE_REACH);
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
  const out = new Float64Array(width * width);
  const [ofA, ofB] = [new Rows(a, width), new Rows(b, width)];
  for (let from = 0; from < ofA.count; from += ROWS_A_READ) {
    const [some, others] = [ofA, ofB].map((rows) => rows.slice(from, from + ROWS_A_READ));
    const rows = some.length / width;
    multiplyTransposed(transpose(some, rows), transpose(others, rows), rows, out, true);
  }
  return out;
}

/** Puts an orthonormal basis in the place of the columns, from the eigenvectors of their Gram matrix; missing directions become zeros. */
function makeOrthonormal(block: Float32Array, width: number): void {
  const { values, vectorOf } = symmetricEigen(gram(block, block, width), width);
  const directions = new Float32Array(width * width);
  for (let d = 0; d < width; d++) {
    if (!(values[d] > values[0] * 1e-9)) continue;
    directions.set(
      vectorOf(d).map((x) => x / Math.sqrt(values[d])),
      d * width,
    );
  }
  forProducts(block, directions, width, (products, from) => block.set(products, from * width));
}

/** Visits A · Bᵀ some rows at a time, which in double precision are twice as large as the whole of A. */
function forProducts(
  block: Float32Array,
  directions: Float32Array,
  width: number,
  visit: (products: Float64Array, firstRow: number) => void,
): void {
  const rows = new Rows(block, width);
  const size = directions.length / width;
  const room = new Float64Array(ROWS_A_READ * size);
  for (let from = 0; from < rows.count; from += ROWS_A_READ) {
    const some = rows.slice(from, from + ROWS_A_READ);
    multiplyTransposed(some, directions, width, room);
    visit(room.subarray(0, (some.length / width) * size), from);
  }
}

function randomBlock(rows: number, width: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return new Float32Array(rows * width).map(() => random.normal());
}

/** @returns A · Bᵀ, scaled to the lengths that `spectralVectors` says. */
function scaledProducts(block: Float32Array, directions: Float32Array, width: number): Float32Array {
  const size = directions.length / width;
  const count = block.length / width;
  let [lengths, near] = [0, 0];
  forProducts(block, directions, width, (products) => {
    for (const row of new Rows(products, size).all()) {
      const length = Math.hypot(...row);
      lengths += length;
      if (length > 0) near++;
    }
  });
  const scale = lengths > 0 ? Math.min(count, MAX_LENGTH * near) / lengths : 0;
  const vectors = new Float32Array(count * size);
  forProducts(block, directions, width, (products, from) =>
    vectors.set(
      products.map((x) => x * scale),
      from * size,
    ),
  );
  return vectors;
}
