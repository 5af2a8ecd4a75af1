/** Matrices on plain arrays, for work that is too small or too rare for a compute engine. */
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
