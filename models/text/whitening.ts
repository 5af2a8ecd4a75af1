/**
 * The whitening of the vectors that a sentence encoder returns: the numbers that the tokenizer reads of an item's text. An encoder puts
 * all texts into a narrow cone; without whitening, the first codes would only tell positions along its axis.
 */
import { ShapeError } from '../compute/errors';
import { symmetricEigen, multiplyTransposed, transpose } from '../math/linear-algebra';

/** The directions in which vectors vary (PCA), strongest first: what each whitening of them is made from. */
export interface PrincipalAxes {
  /** How many vectors, N. */
  readonly count: number;
  /** float32 `[dims]`. */
  readonly mean: Float32Array;
  /** N times the variance along each axis; `min(N, dims)` of them. */
  readonly scatters: readonly number[];
  /** @returns An axis, of length 1; float64 `[dims]`. */
  readonly axisOf: (rank: number) => Float64Array;
}

/** The map from text vectors to features: subtract the mean, then multiply by the components. */
export interface Whitening {
  /** float32 `[dims]`. */
  readonly mean: Float32Array;
  /** One per row, strongest first, each divided by its standard deviation; float32 `[F, dims]`. */
  readonly components: Float32Array;
}

/** Directions with less than this share of the strongest one's variance are rounding noise, which whitening would amplify. */
const MIN_VARIANCE = 1e-6;
/** Vectors with less variance than this share of their mean's squared length differ only by rounding noise. */
const MIN_SPREAD = 1e-10;

/**
 * Finds the axes by the smaller of two matrices that have the same eigenvalues: the products of all dimensions, or of all vectors. It
 * takes the cube of that size, about half a second for 512.
 *
 * @param vectors - float32 `[N, dims]`.
 * @returns Null when all rows are equal but for rounding.
 * @throws {ShapeError} When a row is not all finite numbers; its number is in the message.
 */
export function principalAxes(vectors: Float32Array, dims: number): PrincipalAxes | null {
  checkFinite(vectors, dims);
  const mean = columnMeans(vectors, dims);
  const rows = centred(vectors, mean);
  const count = vectors.length / dims;
  if (squaredLength(rows) / count <= MIN_SPREAD * squaredLength(mean)) return null;
  const axes = count < dims ? axesByVectors(rows, count) : axesByDimensions(rows, count);
  return { count, mean, ...axes };
}

function axesByDimensions(rows: Float32Array, count: number): Pick<PrincipalAxes, 'scatters' | 'axisOf'> {
  const { values, vectorOf } = symmetricEigen(...productsOf(transpose(rows, count), count));
  return { scatters: values, axisOf: vectorOf };
}

/** An eigenvector of XXᵀ says how much of each vector makes the axis. */
function axesByVectors(rows: Float32Array, count: number): Pick<PrincipalAxes, 'scatters' | 'axisOf'> {
  const dims = rows.length / count;
  const { values, vectorOf } = symmetricEigen(...productsOf(rows, dims));
  const axisOf = (rank: number) => {
    const axis = new Float64Array(dims);
    const length = Math.sqrt(values[rank]);
    vectorOf(rank).forEach((share, i) => {
      for (let d = 0; d < dims; d++) axis[d] += (share * rows[i * dims + d]) / length;
    });
    return axis;
  };
  return { scatters: values, axisOf };
}

/** @returns The dot products of all rows, and how many rows there are. */
function productsOf(rows: Float32Array, width: number): [products: Float64Array, size: number] {
  const size = rows.length / width;
  const products = new Float64Array(size * size);
  multiplyTransposed(rows, rows, width, products);
  return [products, size];
}

/**
 * Scales the strongest axes so that the features have unit variance and no correlation.
 *
 * @param featureSize - Components wanted, F; the result has fewer if the vectors vary in fewer directions.
 * @param shrinkage - This multiple of the mean variance is added to each direction's variance before the scaling; 0: the features
 *   have variance 1.
 */
export function whiteningBy(axes: PrincipalAxes, featureSize: number, shrinkage = 0): Whitening {
  const { count, mean, scatters, axisOf } = axes;
  const dims = mean.length;
  const kept = scatters.slice(0, featureSize).filter((scatter) => scatter > MIN_VARIANCE * scatters[0]);
  const added = (shrinkage * scatters.reduce((sum, scatter) => sum + Math.max(0, scatter), 0)) / dims;
  const components = new Float32Array(kept.length * dims);
  kept.forEach((scatter, f) => {
    const scale = 1 / Math.sqrt((scatter + added) / count);
    components.set(
      pointUp(axisOf(f)).map((x) => x * scale),
      f * dims,
    );
  });
  return { mean, components };
}

/** @returns A whitening that reads nothing: all features are 0. It is for vectors that are all equal. */
export function blankWhitening(dims: number, featureSize: number): Whitening {
  return { mean: new Float32Array(dims), components: new Float32Array(featureSize * dims) };
}

/**
 * Applies a whitening.
 *
 * @param vectors - float32 `[N, dims]`.
 * @param firstRow - The number of the first row in messages.
 * @returns float32 `[N, F]`.
 * @throws {ShapeError} When a row is not all finite numbers, or rows are not as wide as those the whitening was learned from.
 */
export function whiten({ mean, components }: Whitening, vectors: Float32Array, firstRow = 0): Float32Array {
  const dims = mean.length;
  if (vectors.length % dims !== 0) {
    throw new ShapeError(`vectors: expected rows of ${dims}, got ${vectors.length} numbers`);
  }
  checkFinite(vectors, dims, firstRow);
  const features = new Float64Array((vectors.length / dims) * (components.length / dims));
  multiplyTransposed(centred(vectors, mean), components, dims, features);
  return Float32Array.from(features);
}

function checkFinite(vectors: Float32Array, dims: number, firstRow = 0): void {
  const bad = vectors.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new ShapeError(`row ${firstRow + Math.floor(bad / dims)}: expected finite numbers, got ${vectors[bad]}`);
}

function squaredLength(vector: Float32Array): number {
  return vector.reduce((sum, x) => sum + x * x, 0);
}

function columnMeans(vectors: Float32Array, dims: number): Float32Array {
  const sums = new Float64Array(dims);
  for (let i = 0; i < vectors.length; i++) sums[i % dims] += vectors[i];
  return Float32Array.from(sums, (sum) => sum / (vectors.length / dims));
}

function centred(vectors: Float32Array, mean: Float32Array): Float32Array {
  return vectors.map((value, i) => value - mean[i % mean.length]);
}

/** The sign of an eigenvector is arbitrary; here its largest entry is positive, so that it is the same on every machine. */
function pointUp(vector: Float64Array): Float64Array {
  const largest = vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  return largest < 0 ? vector.map((x) => -x) : vector;
}
