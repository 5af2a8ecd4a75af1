/**
 * Collaborative features beside the text features, so that items that are bought near one another get codes that begin alike.
 *
 * A cold item has no collaborative features; they are foretold from its text. Source of the idea: LETTER (Wang et al., 2024).
 * There a loss aligns both; here the features are joined before the codebooks are made.
 */
import type { HostTensor } from '../compute/device';
import { evenlySpread } from '../math/arrays';
import { multiplyTransposed } from '../math/linear-algebra';
import { Rows } from '../math/rows';
import { topK } from '../math/top-k';

/** Items with collaborative features, by which those of other items are foretold. */
export interface Exemplars {
  /** Directions of their texts, of length 1; float32 `[M, F]`. */
  readonly texts: HostTensor;
  /** float32 `[M, C]`. */
  readonly features: HostTensor;
}

/** More of them are thinned out evenly: foretelling takes time, and the checkpoint memory, for each. */
const MAX_EXEMPLARS = 16_384;
/** So many exemplars, those with the nearest texts, foretell. */
const NEAREST = 50;
/** The power of the cosine that an exemplar weighs. */
const SHARPNESS = 4;
/** Rows whose cosines are in memory at once. */
const BLOCK = 64;

/**
 * @param text - Text features; float32 `[N, F]`.
 * @param collaborative - float32 `[N, C]`; a row of zeros is no exemplar.
 */
export function exemplarsOf(text: Float32Array, collaborative: Float32Array, numItems: number): Exemplars {
  const [texts, features] = [text, collaborative].map((values) => new Rows(values, values.length / numItems));
  const known = Array.from({ length: numItems }, (_, row) => row).filter((row) => isGiven(features.row(row)));
  const kept = evenlySpread(known, MAX_EXEMPLARS);
  return {
    texts: { shape: [kept.length, texts.dims], data: directions(texts.pick(kept).values, texts.dims, 1) },
    features: { shape: [kept.length, features.dims], data: features.pick(kept).values },
  };
}

/**
 * Foretells collaborative features by the mean of the exemplars with the nearest texts, each with a power of its cosine as its weight. The
 * mean has its own length: callers read the direction alone.
 *
 * @param text - float32 `[n, F]`.
 * @returns float32 `[n, C]`; zeros for a text that is near no exemplar's.
 *
 * Source: kernel regression (Nadaraya, 1964; Watson, 1964).
 */
export function foretell(text: Float32Array, { texts, features }: Exemplars): Float32Array {
  const [count, textSize] = texts.shape;
  const known = new Rows(features.data as Float32Array, features.shape[1]);
  const asked = new Rows(directions(text, textSize, 1), textSize);
  const foretold = new Rows(new Float32Array(asked.count * known.dims), known.dims);
  const cosines = new Rows(new Float64Array(Math.min(BLOCK, asked.count) * count), count);
  for (let from = 0; from < asked.count; from += BLOCK) {
    const block = asked.slice(from, from + BLOCK);
    multiplyTransposed(block, texts.data as Float32Array, textSize, cosines.values);
    for (let i = 0; i < block.length / textSize; i++) addNearest(foretold.row(from + i), known, cosines.row(i));
  }
  return foretold.values;
}

function addNearest(sum: Float32Array, features: Rows, cosines: Float64Array): void {
  for (const exemplar of topK(cosines, cosines.length, NEAREST)) {
    const weight = Math.max(0, cosines[exemplar]) ** SHARPNESS;
    features.row(exemplar).forEach((x, d) => (sum[d] += weight * x));
  }
}

/**
 * Joins text and collaborative features as directions of equal weight: the features that a tokenizer reads.
 *
 * @param text - float32 `[N, F]`.
 * @param collaborative - float32 `[N, C]`; a row of zeros is foretold from the text; null: all rows are.
 * @param by - Null: there are no collaborative features.
 * @returns float32 `[N, F + C]`; both parts of a row have length √F, so that a text column has a variance of about 1.
 */
export function joinFeatures(
  text: Float32Array,
  textSize: number,
  collaborative: Float32Array | null,
  by: Exemplars | null,
): Float32Array {
  if (by === null) return text;
  const texts = new Rows(directions(text, textSize, Math.sqrt(textSize)), textSize);
  const size = by.features.shape[1];
  const beside = new Rows(directions(completed(text, textSize, collaborative, by), size, Math.sqrt(textSize)), size);
  const joined = new Rows(new Float32Array(texts.count * (textSize + size)), textSize + size);
  for (let row = 0; row < joined.count; row++) {
    joined.row(row).set(texts.row(row));
    joined.row(row).set(beside.row(row), textSize);
  }
  return joined.values;
}

/** @returns A copy of the collaborative features, in which no row lacks them; float32 `[N, C]`. */
function completed(
  text: Float32Array,
  textSize: number,
  collaborative: Float32Array | null,
  by: Exemplars,
): Float32Array {
  const texts = new Rows(text, textSize);
  const size = by.features.shape[1];
  const features = new Rows(collaborative?.slice() ?? new Float32Array(texts.count * size), size);
  const lacking = Array.from({ length: texts.count }, (_, row) => row).filter((row) => !isGiven(features.row(row)));
  const foretold = new Rows(foretell(texts.pick(lacking).values, by), size);
  lacking.forEach((row, i) => features.set(row, foretold.row(i)));
  return features.values;
}

function isGiven(features: Float32Array): boolean {
  return features.some((x) => x !== 0);
}

/** @returns The same rows with that length; those of zeros stay so. */
function directions(vectors: Float32Array, size: number, length: number): Float32Array {
  const scaled = new Rows(vectors.slice(), size);
  for (let row = 0; row < scaled.count; row++) {
    const vector = scaled.row(row);
    const scale = length / Math.max(Math.hypot(...vector), 1e-9);
    vector.forEach((x, d) => (vector[d] = x * scale));
  }
  return scaled.values;
}
