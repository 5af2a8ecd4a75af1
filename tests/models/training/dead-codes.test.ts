import { createRandom } from '../../../models/math/random';
import { quantise } from '../../../models/semantic-id/residual-codes';
import { reseedDeadCodes } from '../../../models/training/dead-codes';
import { clusteredPoints } from '../../support/clustered-points';

const DIMS = 3;

function countsOf(latents: Float32Array, codebooks: readonly Float32Array[]): Int32Array[] {
  const { codes } = quantise(latents, DIMS, codebooks);
  return codebooks.map((codebook, level) => {
    const counts = new Int32Array(codebook.length / DIMS);
    for (let i = level; i < codes.length; i += codebooks.length) counts[codes[i]]++;
    return counts;
  });
}

describe('reseedDeadCodes', () => {
  const latents = clusteredPoints({ n: 100, dims: DIMS, clusters: 10, seed: 1 });

  it('brings unused codes back into use and leaves the others alone', () => {
    const far = new Float32Array(8 * DIMS).fill(1e3);
    far.set([0, 0, 0]);
    const codebooks = [far.slice(), far.slice()];
    const before = countsOf(latents, codebooks);
    expect(before.map((counts) => counts.filter((n) => n > 0).length)).toEqual([1, 1]);
    const moved = reseedDeadCodes(latents, DIMS, codebooks, before, createRandom(1));
    expect(moved).toEqual([[1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7]]); // prettier-ignore
    for (const codebook of codebooks) expect([...codebook.subarray(0, DIMS)]).toEqual([0, 0, 0]);
    expect(countsOf(latents, codebooks).every((counts) => counts.every((n) => n > 0))).toBe(true);
  });

  it('stops where no item is left that a code could explain better', () => {
    const two = latents.slice(0, 2 * DIMS);
    const codebook = new Float32Array(4 * DIMS).fill(50);
    const moved = reseedDeadCodes(two, DIMS, [codebook], [Int32Array.of(1, 0, 0, 0)], createRandom(1));
    expect(moved).toEqual([[1, 2]]);
  });
});
