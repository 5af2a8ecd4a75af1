/**
 * k-means on plain arrays, and residual k-means: one k-means per level, on the residuals of the levels before.
 *
 * Source: Arthur & Vassilvitskii (2007) for the start, Lloyd (1982) for the iterations. Minibatches are left out: each
 * iteration visits all points.
 */
import { multiplyTransposed } from '../math/linear-algebra';
import type { Random } from '../math/random';
import { Rows } from '../math/rows';

/** The most iterations; a shop's catalogue converges to within `TOLERANCE` before. */
const MAX_ITERATIONS = 30;
/** Stop when an iteration lowers the inertia by less than this share. */
const TOLERANCE = 1e-3;
/** How many rows' distances are in memory at once. */
const CHUNK = 256;

export interface Clustering {
  /** float32 `[k, D]`. */
  readonly centroids: Float32Array;
  /** The nearest centroid of each point; int32 `[N]`. */
  readonly assignments: Int32Array;
  /** Sum of the squared distances of the points to their centroids. */
  readonly inertia: number;
}

export interface Nearest {
  /** Index of the nearest vector; when two are equally near, the lower. int32 `[N]`. */
  readonly indices: Int32Array;
  /** Squared distances to it; float64 `[N]`. */
  readonly distances: Float64Array;
}

/**
 * Clusters points. A cluster that loses all its points restarts at the point that is farthest from its centroid.
 *
 * @param points - One or more; float32 `[N, dims]`.
 * @param k - Clusters. If there are fewer distinct points, the other centroids repeat some and stay unused.
 */
export function kmeans(points: Float32Array, dims: number, k: number, random: Random): Clustering {
  const centroids = kmeansPlusPlus(points, dims, k, random);
  let { indices, distances } = nearestVectors(points, centroids, dims);
  let inertia = sum(distances);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    moveToMeans(points, dims, centroids, indices, distances);
    ({ indices, distances } = nearestVectors(points, centroids, dims));
    const before = inertia;
    inertia = sum(distances);
    if (before - inertia <= TOLERANCE * before) break;
  }
  return { centroids, assignments: indices, inertia };
}

/**
 * Makes codebooks level by level, each by k-means on what the levels before leave of the points.
 *
 * @param points - float32 `[N, dims]`.
 * @returns Codebooks coarse to fine, each float32 `[K, dims]`.
 */
export function residualKmeans(
  points: Float32Array,
  dims: number,
  { numLevels, codebookSize }: { numLevels: number; codebookSize: number },
  random: Random,
): Float32Array[] {
  const residuals = points.slice();
  return Array.from({ length: numLevels }, () => {
    const { centroids, assignments } = kmeans(residuals, dims, codebookSize, random);
    subtractVectors(residuals, centroids, dims, assignments);
    return centroids;
  });
}

/**
 * Finds each point's nearest vector.
 *
 * @param points - float32 `[N, dims]`.
 * @param vectors - float32 `[K, dims]`.
 */
export function nearestVectors(points: Float32Array, vectors: Float32Array, dims: number): Nearest {
  const n = points.length / dims;
  const k = vectors.length / dims;
  const squares = Float64Array.from({ length: k }, (_, c) => squaredNorm(vectors, c * dims, dims));
  const indices = new Int32Array(n);
  const distances = new Float64Array(n);
  const products = new Float64Array(Math.min(n, CHUNK) * k);
  const rows = new Rows(points, dims);
  for (let start = 0; start < n; start += CHUNK) {
    const end = Math.min(n, start + CHUNK);
    multiplyTransposed(rows.slice(start, end), vectors, dims, products);
    for (let i = start; i < end; i++) {
      const row = (i - start) * k;
      const nearest = nearestIndex(squares, products, row);
      const least = squares[nearest] - 2 * products[row + nearest];
      indices[i] = nearest;
      distances[i] = Math.max(0, least + squaredNorm(points, i * dims, dims));
    }
  }
  return { indices, distances };
}

/**
 * @param squares - ‖v‖² of each vector.
 * @param products - x·v of a point and each vector, from `row` on.
 * @returns The vector of the least ‖v‖² − 2x·v: with ‖x‖² it is the squared distance, so the order is the same.
 */
function nearestIndex(squares: Float64Array, products: Float64Array, row: number): number {
  let nearest = 0;
  let least = Infinity;
  for (let c = 0; c < squares.length; c++) {
    const distance = squares[c] - 2 * products[row + c];
    if (distance < least) {
      least = distance;
      nearest = c;
    }
  }
  return nearest;
}

/** Subtracts from each point the vector that was chosen for it, in place. */
export function subtractVectors(points: Float32Array, vectors: Float32Array, dims: number, indices: Int32Array): void {
  for (let i = 0; i < indices.length; i++) {
    const vector = indices[i] * dims;
    for (let d = 0; d < dims; d++) points[i * dims + d] -= vectors[vector + d];
  }
}

/**
 * Draws an index with a probability in proportion to its weight.
 *
 * @returns -1 when no weight is above 0.
 */
export function drawByWeight(weights: Float64Array, random: Random): number {
  let left = random.next() * sum(weights);
  let last = -1;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] <= 0) continue;
    last = i;
    left -= weights[i];
    if (left < 0) break;
  }
  return last;
}

/** Draws the first centroids far apart: each is a point, drawn in proportion to its squared distance to those before. */
function kmeansPlusPlus(points: Float32Array, dims: number, k: number, random: Random): Float32Array {
  const n = points.length / dims;
  const rows = new Rows(points, dims);
  const centroids = new Rows(new Float32Array(k * dims), dims);
  const distances = new Float64Array(n).fill(Infinity);
  for (let c = 0; c < k; c++) {
    const drawn = c === 0 ? random.int(n) : drawByWeight(distances, random);
    const chosen = drawn >= 0 ? drawn : random.int(n);
    const centroid = rows.row(chosen);
    centroids.set(c, centroid);
    for (let i = 0; i < n; i++) {
      let distance = 0;
      for (let d = 0; d < dims; d++) distance += (points[i * dims + d] - centroid[d]) ** 2;
      if (distance < distances[i]) distances[i] = distance;
    }
  }
  return centroids.values;
}

function moveToMeans(
  points: Float32Array,
  dims: number,
  centroids: Float32Array,
  assignments: Int32Array,
  distances: Float64Array,
): void {
  const k = centroids.length / dims;
  const counts = new Int32Array(k);
  for (const c of assignments) counts[c]++;
  refillEmpty(counts, assignments, distances);
  const sums = new Float64Array(k * dims);
  for (let i = 0; i < assignments.length; i++) {
    const c = assignments[i] * dims;
    for (let d = 0; d < dims; d++) sums[c + d] += points[i * dims + d];
  }
  for (let i = 0; i < sums.length; i++) {
    const count = counts[Math.floor(i / dims)];
    if (count > 0) centroids[i] = sums[i] / count;
  }
}

/** Gives each empty cluster the farthest point of a cluster that has others. */
function refillEmpty(counts: Int32Array, assignments: Int32Array, distances: Float64Array): void {
  if (!counts.includes(0)) return;
  const worstFirst = Int32Array.from(assignments, (_, i) => i).sort((a, b) => distances[b] - distances[a]);
  let next = 0;
  for (let c = 0; c < counts.length; c++) {
    if (counts[c] > 0) continue;
    while (next < worstFirst.length && counts[assignments[worstFirst[next]]] < 2) next++;
    const point = worstFirst[next++];
    // When all distances are 0, every point is at its centroid: there are fewer distinct points than clusters.
    if (point === undefined || distances[point] === 0) return;
    counts[assignments[point]]--;
    counts[c] = 1;
    assignments[point] = c;
  }
}

function squaredNorm(values: Float32Array, start: number, size: number): number {
  let total = 0;
  for (let d = start; d < start + size; d++) total += values[d] * values[d];
  return total;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/**
 * Picks, level by level, the code nearest to the residual: `assignCodes` on plain arrays.
 *
 * @param latents - float32 `[N, dims]`.
 * @returns Codes, int32 `[N, L]`, and the residuals after the last level, float32 `[N, dims]`.
 */
export function quantise(
  latents: Float32Array,
  dims: number,
  codebooks: readonly Float32Array[],
): { codes: Int32Array; residuals: Float32Array } {
  const numLevels = codebooks.length;
  const codes = new Int32Array((latents.length / dims) * numLevels);
  const residuals = latents.slice();
  codebooks.forEach((codebook, level) => {
    const { indices } = nearestVectors(residuals, codebook, dims);
    indices.forEach((code, i) => (codes[i * numLevels + level] = code));
    subtractVectors(residuals, codebook, dims, indices);
  });
  return { codes, residuals };
}
