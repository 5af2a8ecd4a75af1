/** Brings unused codes back into use: without this, the codebooks of an RQ-VAE collapse to a few codes. */
import type { Random } from '../math/random';
import { Rows } from '../math/rows';
import { drawByWeight, nearestVectors, subtractVectors } from '../semantic-id/kmeans';

/**
 * Moves each unused code to the residual of an item, drawn with a probability in proportion to its squared distance to the nearest code.
 *
 * @param latents - float32 `[N, dims]`.
 * @param codebooks - Coarse to fine, each float32 `[K, dims]`; changed in place.
 * @param counts - How often each code was chosen since the last look, by level; each int32 `[K]`.
 * @returns The codes that were moved, by level.
 */
export function reseedDeadCodes(
  latents: Float32Array,
  dims: number,
  codebooks: readonly Float32Array[],
  counts: readonly Int32Array[],
  random: Random,
): number[][] {
  const residuals = new Rows(latents.slice(), dims);
  return codebooks.map((codebook, level) => {
    const { distances } = nearestVectors(residuals.values, codebook, dims);
    const moved: number[] = [];
    for (let code = 0; code < counts[level].length; code++) {
      if (counts[level][code] > 0) continue;
      const item = drawByWeight(distances, random);
      if (item < 0) break; // There are fewer distinct items than codes: no item is left that another code would fit better.
      codebook.set(residuals.row(item), code * dims);
      distances[item] = 0;
      moved.push(code);
    }
    subtractVectors(residuals.values, codebook, dims, nearestVectors(residuals.values, codebook, dims).indices);
    return moved;
  });
}
