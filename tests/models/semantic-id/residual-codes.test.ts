import * as tf from '@tensorflow/tfjs';

import { createRandom } from '../../../models/math/random';
import { assignCodes } from '../../../models/semantic-id/quantizer';
import { quantise } from '../../../models/semantic-id/residual-codes';

describe('quantise', () => {
  it('picks the nearest code of what is left, level by level', () => {
    const codebooks = [Float32Array.of(0, 0, 10, 0), Float32Array.of(1, 1, -1, 0, 0, 3)];
    // (9, 0) is nearest to (10, 0), which leaves (−1, 0): code 1. (1, 3) is nearest to (0, 0); of (1, 3), (0, 3) is nearest.
    const { codes, residuals } = quantise(Float32Array.of(9, 0, 1, 3), 2, codebooks);
    expect([...codes]).toEqual([1, 1, 0, 2]);
    expect([...residuals]).toEqual([0, 0, 1, 0]);
  });

  it('picks the codes that the tensor code picks', () => {
    const random = createRandom(2);
    const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal());
    const [latents, codebooks] = [normals(50 * 6), [normals(8 * 6), normals(5 * 6), normals(8 * 6)]];
    const before = latents.slice();
    const tensors = codebooks.map((codebook) => tf.tensor2d(codebook, [codebook.length / 6, 6]));
    const expected = assignCodes(tf.tensor2d(latents, [50, 6]), tensors).dataSync();
    expect([...quantise(latents, 6, codebooks).codes]).toEqual([...expected]);
    expect(latents).toEqual(before);
  });

  it('refuses a codebook of another width', () => {
    expect(() => quantise(new Float32Array(4), 2, [new Float32Array(4), new Float32Array(3)])).toThrow(
      'codebook 1: expected vectors of 2, got 3 numbers',
    );
  });
});
