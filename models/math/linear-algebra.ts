/** Matrices on plain arrays, for work that is too small or too rare for a compute engine. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/**
 * Dot products of every row of one matrix with every row of another: A · Bᵀ, summed in double precision.
 *
 * @param a - float32 `[n, size]`, row after row; so is `b`, with `m` rows.
 * @param out - Receives float64 `[n, m]`.
 * @param isAdded - Whether the products are added to what is there, one by one: a long sum may then come in pieces, and ends the same.
 */
export function multiplyTransposed(
  a: Float32Array,
  b: Float32Array,
  size: number,
  out: Float64Array,
  isAdded = false,
): void {
  if (!isAdded) out.fill(0, 0, (a.length / size) * (b.length / size));
  const n = a.length / size;
  const m = b.length / size;
  // Two rows by four columns at a time keep eight sums in registers: 3–4 times faster than one sum at a time. At the edges the
  // last row or column is computed again, which needs no special case.
  for (let i = 0; i < n; i += 2) {
    const i1 = Math.min(i + 1, n - 1);
    for (let j = 0; j < m; j += 4) {
      const j1 = Math.min(j + 1, m - 1);
      const j2 = Math.min(j + 2, m - 1);
      const j3 = Math.min(j + 3, m - 1);
      const [a0, a1] = [i * size, i1 * size];
      const [b0, b1, b2, b3] = [j * size, j1 * size, j2 * size, j3 * size];
      const [r0, r1] = [i * m, i1 * m];
      let s00 = out[r0 + j];
      let s01 = out[r0 + j1];
      let s02 = out[r0 + j2];
      let s03 = out[r0 + j3];
      let s10 = out[r1 + j];
      let s11 = out[r1 + j1];
      let s12 = out[r1 + j2];
      let s13 = out[r1 + j3];
      for (let k = 0; k < size; k++) {
        const x = a[a0 + k];
        const y = a[a1 + k];
        const p = b[b0 + k];
        const q = b[b1 + k];
        const r = b[b2 + k];
        const s = b[b3 + k];
        s00 += x * p;
        s01 += x * q;
        s02 += x * r;
        s03 += x * s;
        s10 += y * p;
        s11 += y * q;
        s12 += y * r;
        s13 += y * s;
      }
      out[r0 + j] = s00;
      out[r0 + j1] = s01;
      out[r0 + j2] = s02;
      out[r0 + j3] = s03;
      out[r1 + j] = s10;
      out[r1 + j1] = s11;
      out[r1 + j2] = s12;
      out[r1 + j3] = s13;
    }
  }
}

/** @returns The `[columns, rows]` matrix with the same entries. */
export function transpose(matrix: Float32Array, rows: number): Float32Array {
  const columns = rows === 0 ? 0 : matrix.length / rows;
  const result = new Float32Array(matrix.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = matrix[r * columns + c];
  return result;
}

/**
 * @param matrix - Symmetric; float64 `[size, size]`.
 * @returns Eigenvalues, largest first, and the vector of each.
 */
export function symmetricEigen(
  matrix: Float64Array,
  size: number,
): { values: number[]; vectorOf: (rank: number) => Float64Array } {
  const decomposition = new EigenvalueDecomposition(Matrix.from1DArray(size, size, matrix), { assumeSymmetric: true });
  const values = decomposition.realEigenvalues;
  const order = values.map((_, i) => i).sort((a, b) => values[b] - values[a]);
  const vectors = decomposition.eigenvectorMatrix;
  return {
    values: order.map((i) => values[i]),
    vectorOf: (rank) => Float64Array.from({ length: size }, (_, row) => vectors.get(row, order[rank])),
  };
}

/** Pivots that are swept at once: the rest of the matrix is then read and written once for all of them. */
const PIVOTS = 8;

/**
 * Puts the inverse in the matrix's place, by Gauss–Jordan elimination on the lower triangle, in n³/2 products. Of 3,000 rows it takes
 * eight seconds.
 *
 * @param matrix - Symmetric and positive definite, row after row; float64 `[size, size]`.
 * @throws The signal's reason when it is aborted; then the matrix is of no use.
 */
export async function invertPositiveDefinite(matrix: Float64Array, size: number, signal: AbortSignal): Promise<void> {
  const sweep = { matrix, size, pivotRows: new Float64Array(size * PIVOTS), inverse: new Float64Array(PIVOTS ** 2) };
  for (let first = 0; first < size; first += PIVOTS) {
    sweepPivots(sweep, first, Math.min(PIVOTS, size - first));
    await yieldToEventLoop();
    signal.throwIfAborted();
  }
  // Each sweep has left the inverse of its pivots with the sign changed, and so the whole.
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) matrix[j * size + i] = matrix[i * size + j] = -matrix[i * size + j];
}

interface Sweep {
  readonly matrix: Float64Array;
  readonly size: number;
  /** The pivots' rows, those of one column side by side; float64 `[size, PIVOTS]`, zeros for missing pivots. */
  readonly pivotRows: Float64Array;
  /** Inverse of the block where the pivots' rows and columns meet; float64 `[PIVOTS, PIVOTS]`. */
  readonly inverse: Float64Array;
}

/** A ← A − C B⁻¹ Cᵀ outside the rows and columns of the pivots, C B⁻¹ in their columns and −B⁻¹ where they meet. */
function sweepPivots({ matrix, size, pivotRows, inverse }: Sweep, first: number, pivots: number): void {
  const at = (i: number, j: number) => (i >= j ? i * size + j : j * size + i);
  pivotRows.fill(0);
  for (let p = 0; p < pivots; p++) for (let i = 0; i < size; i++) pivotRows[i * PIVOTS + p] = matrix[at(first + p, i)];
  invertBlock(pivotRows.subarray(first * PIVOTS, (first + pivots) * PIVOTS), pivots, inverse);
  const factors = new Float64Array(PIVOTS);
  for (let i = 0; i < size; i++) {
    if (i >= first && i < first + pivots) continue;
    factors.fill(0);
    for (let p = 0; p < pivots; p++)
      for (let q = 0; q < pivots; q++) factors[p] += pivotRows[i * PIVOTS + q] * inverse[q * PIVOTS + p];
    subtractRows(matrix.subarray(i * size, i * size + i + 1), pivotRows, factors);
    for (let p = 0; p < pivots; p++) matrix[at(i, first + p)] = factors[p];
  }
  for (let p = 0; p < pivots; p++)
    for (let q = 0; q <= p; q++) matrix[at(first + p, first + q)] = -inverse[p * PIVOTS + q];
}

/** @param block - float64 `[pivots, PIVOTS]`, of which the first `pivots` columns count; so has `inverse`. */
function invertBlock(block: Float64Array, pivots: number, inverse: Float64Array): void {
  inverse.set(block);
  for (let p = 0; p < pivots; p++) {
    const pivot = inverse[p * PIVOTS + p];
    inverse[p * PIVOTS + p] = 1;
    for (let j = 0; j < pivots; j++) inverse[p * PIVOTS + j] /= pivot;
    for (let i = 0; i < pivots; i++) {
      if (i === p) continue;
      const factor = inverse[i * PIVOTS + p];
      inverse[i * PIVOTS + p] = 0;
      for (let j = 0; j < pivots; j++) inverse[i * PIVOTS + j] -= factor * inverse[p * PIVOTS + j];
    }
  }
}

/** Subtracts all pivots' rows at once, unrolled: five times as fast as one after the other. */
function subtractRows(row: Float64Array, pivotRows: Float64Array, factors: Float64Array): void {
  const [a, b, c, d, e, f, g, h] = factors;
  for (let j = 0, at = 0; j < row.length; j++, at += PIVOTS)
    row[j] -=
      a * pivotRows[at] +
      b * pivotRows[at + 1] +
      c * pivotRows[at + 2] +
      d * pivotRows[at + 3] +
      e * pivotRows[at + 4] +
      f * pivotRows[at + 5] +
      g * pivotRows[at + 6] +
      h * pivotRows[at + 7];
}
