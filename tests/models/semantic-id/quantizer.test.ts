import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';

import { stopGradient, assignCodes, quantisationLoss } from '../../../models/semantic-id/quantizer';

describe('stopGradient', () => {
  it('keeps the value and lets no gradient through', () => {
    const square = (x: tf.Tensor) => tf.sum(tf.mul(x, stopGradient(x)));
    const { value, grad } = tf.valueAndGrad(square)(tf.tensor1d([2, 3]));
    // Only the first factor of x · sg[x] is differentiated.
    expect([value.dataSync()[0], ...grad.dataSync()]).toEqual([13, 2, 3]);
  });
});

describe('assignCodes', () => {
  it('picks level by level, the lower code winning a tie', () => {
    // 1.5 lies between 1 and 2: code 0. Left is 0.5, between 0 and 1: code 0 again. 2.9 → 2, left 0.9 → 1.
    const codes = tf.tidy(() =>
      assignCodes(tf.tensor2d([[1.5], [2.9]]), [tf.tensor2d([[1], [2]]), tf.tensor2d([[0], [1]])]),
    );
    expect(codes.dtype).toBe('int32');
    expect(codes.arraySync()).toEqual([
      [0, 0],
      [1, 1],
    ]);
    codes.dispose();
  });

  it('names both widths when a codebook does not fit', () => {
    expect(() => tf.tidy(() => assignCodes(tf.zeros([2, 3]), [tf.zeros([4, 3]), tf.zeros([4, 2])]))).toThrow(
      'codebook 1: expected width 3, got 2',
    );
  });
});

describe('quantisationLoss', () => {
  // Latent 3; codes 2 then 0.5: residuals 3 and 1, differences 1 and 0.5. Loss (1 + β)(1 + 0.25).
  const latents = tf.tensor2d([[3]]);
  const books = [tf.tensor2d([[2], [9]]), tf.tensor2d([[7], [0.5]])];
  const codes = tf.tensor2d([[0, 1]], [1, 2], 'int32');
  const lossOf = (z: Tensor, a: Tensor, b: Tensor) =>
    quantisationLoss(z as Tensor2D, [a as Tensor2D, b as Tensor2D], codes, 0.25).loss;

  it('is what was worked out by hand', () => {
    const [loss, quantised] = tf.tidy(() => {
      const result = quantisationLoss(latents, books, codes, 0.25);
      return [result.loss.arraySync(), result.quantised.arraySync()];
    });
    expect(loss).toBeCloseTo(1.25 * 1.25, 6);
    expect(quantised).toEqual([[2.5]]);
  });

  it('moves codebooks by its first term, latents by its second', () => {
    // d/de (r − e)² = −2(r − e): −2 at level 0, −1 at level 1. d/dz β Σ (r − e)² = 2β(1 + 0.5).
    const [z, a, b] = tf.grads(lossOf as (...args: Tensor[]) => Tensor)([latents, ...books]);
    expect(z.dataSync()[0]).toBeCloseTo(2 * 0.25 * 1.5, 6);
    expect(a.arraySync()).toEqual([[-2], [0]]);
    expect(b.arraySync()).toEqual([[0], [-1]]);
  });

  it('passes the gradient of what was quantised straight to the latents', () => {
    const gradient = tf.grad((z) => tf.sum(tf.square(quantisationLoss(z as Tensor2D, books, codes, 0.25).quantised)));
    expect(gradient(latents).arraySync()).toEqual([[5]]); // 2 · 2.5
  });
});
