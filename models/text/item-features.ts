/**
 * Makes the numbers that the tokenizer reads of an item: its text for the sentence encoder, and the whitening of the vectors that
 * the encoder returns. A sentence encoder puts all texts into a narrow cone; without whitening, the first codes would only tell
 * positions along its axis.
 */
import { ShapeError } from '../compute/errors';
import { symmetricEigen } from '../math/eigen';
import { multiplyTransposed, transpose } from '../math/host-matrix';
import { withoutEntities, withoutMarkup } from './plain-text';

export interface ItemText {
  readonly title: string;
  readonly brand?: string | null;
  readonly categories?: readonly string[] | null;
  /** Read in place of a title. */
  readonly description?: string | null;
}

/** Characters of a description that stands in for a title: the first sentences say what an item is. */
const DESCRIPTION_LENGTH = 300;

/** The words that `itemText` adds: they are in the texts of all items. */
export const ADDED_WORDS = /\b(?:Brand|Category): /g;

/**
 * "TITLE. Brand: B. Category: a, b." Missing parts are left out; a title that ends with a full stop gets no second one. The beginning
 * of the description, without its HTML tags, stands in for an empty title. HTML entities are read everywhere.
 */
export function itemText({ title, brand, categories, description }: ItemText): string {
  const name =
    plain(title) ||
    withoutMarkup(description ?? '')
      .trim()
      .slice(0, DESCRIPTION_LENGTH)
      .trim();
  const parts = [sentence(name)];
  const brandName = plain(brand ?? '');
  if (brandName !== '') parts.push(sentence(`Brand: ${brandName}`));
  const names = (categories ?? []).map(plain).filter((name) => name !== '');
  if (names.length > 0) parts.push(sentence(`Category: ${names.join(', ')}`));
  return parts.filter((part) => part !== '').join(' ');
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
 * Finds out whether anything tells the rows apart.
 *
 * @param vectors - float32 `[N, dims]`.
 * @returns False when all rows are equal but for rounding.
 * @throws {ShapeError} When a row is not all finite numbers; its number is in the message.
 */
export function rowsDiffer(vectors: Float32Array, dims: number): boolean {
  checkFinite(vectors, dims);
  const mean = columnMeans(vectors, dims);
  const squares = vectors.reduce((sum, value, i) => sum + (value - mean[i % dims]) ** 2, 0);
  return squares / (vectors.length / dims) > MIN_SPREAD * squaredLength(mean);
}

/** @returns A whitening that reads nothing: all features are 0. It is for vectors that are all equal. */
export function blankWhitening(dims: number, featureSize: number): Whitening {
  return { mean: new Float32Array(dims), components: new Float32Array(featureSize * dims) };
}

/**
 * Learns the directions in which the vectors vary most (PCA), scaled so that the features have unit variance and no correlation.
 *
 * @param vectors - float32 `[N, dims]`.
 * @param featureSize - Components wanted, F; the result has fewer if the vectors vary in fewer directions.
 * @param shrinkage - This multiple of the mean variance is added to each direction's variance before the scaling; 0: the features
 *   have variance 1.
 * @throws {ShapeError} When a row is not all finite numbers (its number is in the message), or all rows are equal but for rounding.
 */
export function fitWhitening(vectors: Float32Array, dims: number, featureSize: number, shrinkage = 0): Whitening {
  const n = vectors.length / dims;
  if (!rowsDiffer(vectors, dims)) {
    throw new ShapeError(
      `vectors: expected rows that differ, got ${n} equal rows; items need titles, brands or categories that tell them apart, or ` +
        'vectors of your own, or a preset that also reads what is bought together (demo or base)',
    );
  }
  const mean = columnMeans(vectors, dims);
  const columns = transpose(centred(vectors, mean), n); // → [dims, N]
  const covariance = new Float64Array(dims * dims);
  multiplyTransposed(columns, columns, n, covariance);
  const { values, vectorOf } = symmetricEigen(covariance, dims);
  const kept = values.slice(0, featureSize).filter((value) => value > MIN_VARIANCE * values[0]);
  const components = new Float32Array(kept.length * dims);
  const added = (shrinkage * values.reduce((sum, value) => sum + Math.max(0, value), 0)) / dims;
  kept.forEach((value, f) => {
    const scale = 1 / Math.sqrt((value + added) / n);
    components.set(
      pointUp(vectorOf(f)).map((x) => x * scale),
      f * dims,
    );
  });
  return { mean, components };
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

function plain(text: string): string {
  return withoutEntities(text).trim();
}

function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`;
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
