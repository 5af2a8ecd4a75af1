/** Residual quantisation on plain arrays, for threads that hold no tensor engine. */
import { ShapeError } from '../compute/errors';
import { nearestVectors, subtractVectors } from './kmeans';

/**
 * Picks, level by level, the code nearest to the residual: `assignCodes` on plain arrays.
 *
 * @param latents - float32 `[N, dims]`.
 * @returns Codes, int32 `[N, L]`, and the residuals after the last level, float32 `[N, dims]`.
 * @throws {ShapeError} When a codebook's length is not a multiple of `dims`.
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
    if (codebook.length % dims !== 0) {
      throw new ShapeError(`codebook ${level}: expected vectors of ${dims}, got ${codebook.length} numbers`);
    }
    const { indices } = nearestVectors(residuals, codebook, dims);
    indices.forEach((code, i) => (codes[i * numLevels + level] = code));
    subtractVectors(residuals, codebook, dims, indices);
  });
  return { codes, residuals };
}
