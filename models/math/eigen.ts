/** Eigenvalues and eigenvectors of small symmetric matrices, largest eigenvalue first. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

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
