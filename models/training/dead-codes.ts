/** Brings codes back that no item uses: without it, an RQ-VAE's codebooks collapse to a few codes. */
import type { Random } from '../math/random';
import { Rows } from '../math/rows';
import { drawByWeight, nearestVectors, subtractVectors } from '../semantic-id/kmeans';

/**
 * Moves each unused code to the residual of an item, drawn in proportion to how badly its level explains it.
 *
 * @param latents - float32 `[N, dims]`.
 * @param codebooks - Coarse to fine, each float32 `[K, dims]`; changed in place.
 * @param counts - How often each code was chosen lately, by level; each int32 `[K]`.
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
      if (item < 0) break; // Fewer distinct items than codes: nothing is left that a code could explain better.
      codebook.set(residuals.row(item), code * dims);
      distances[item] = 0;
      moved.push(code);
    }
    subtractVectors(residuals.values, codebook, dims, nearestVectors(residuals.values, codebook, dims).indices);
    return moved;
  });
}
