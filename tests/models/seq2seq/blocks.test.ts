import * as tf from '@tensorflow/tfjs';

import { crossEntropy, dropoutsFrom, fillNoise, rmsNorm } from '../../../models/seq2seq/blocks';

/** Largest difference between a gradient and its central finite difference. */
function gradientError(f: (x: tf.Tensor) => tf.Scalar, x: tf.Tensor): number {
  const values = x.dataSync();
  const gradient = tf.grad(f)(x).dataSync();
  const step = 1e-2;
  const at = (i: number, delta: number) => {
    const moved = Float32Array.from(values);
    moved[i] += delta;
    return f(tf.tensor(moved, x.shape)).dataSync()[0];
  };
  return Math.max(...Array.from(gradient, (g, i) => Math.abs(g - (at(i, step) - at(i, -step)) / (2 * step))));
}

describe('rmsNorm', () => {
  const x = tf.tensor2d([3, 4, -1, 0.5, 2, -2], [2, 3]);
  const gain = tf.tensor1d([1, 2, 0.5]);
  const weights = tf.tensor2d([0.3, -1, 2, 1, 0.7, -0.4], [2, 3]);

  it('scales each row to root mean square 1, then by the gain', () => {
    // Row 1: rms = √((9 + 16 + 1)/3) = 2.9439; 3/2.9439 · 1, 4/2.9439 · 2, −1/2.9439 · 0.5.
    const [first] = rmsNorm(x, gain).arraySync() as number[][];
    [1.019, 2.7175, -0.1698].forEach((value, i) => expect(first[i]).toBeCloseTo(value, 3));
  });

  it('has the gradients of finite differences', () => {
    expect(gradientError((v) => tf.sum(tf.mul(rmsNorm(v, gain), weights)) as tf.Scalar, x)).toBeLessThan(2e-3);
    expect(gradientError((v) => tf.sum(tf.mul(rmsNorm(x, v), weights)) as tf.Scalar, gain)).toBeLessThan(2e-3);
  });
});

describe('crossEntropy', () => {
  const logits = tf.tensor2d([1, 2, 3, 0, 0, 0], [2, 3]);
  const labels = tf.tensor2d([0, 0, 1, 0.8, 0.1, 0.1], [2, 3]);

  it('is the negative log-probability of the label', () => {
    // Row 1: log(e¹ + e² + e³) − 3 = 0.4076; row 2: log 3 = 1.0986, whatever the label.
    const [first, second] = crossEntropy(logits, labels).arraySync() as number[];
    expect(first).toBeCloseTo(0.4076, 4);
    expect(second).toBeCloseTo(1.0986, 4);
  });

  it('has the gradient of finite differences', () => {
    const weights = tf.tensor1d([1, -0.5]);
    expect(gradientError((v) => tf.sum(tf.mul(crossEntropy(v, labels), weights)) as tf.Scalar, logits)).toBeLessThan(
      1e-3,
    );
  });
});

describe('dropoutsFrom', () => {
  const noise = (seed: number, size = 4096) => {
    const values = new Float32Array(size);
    fillNoise(values, seed);
    return tf.tensor1d(values);
  };

  it('drops the share asked for and keeps the mean', () => {
    const [little, much] = dropoutsFrom(noise(1, 1 << 14), [0.05, 0.5]);
    for (const [dropout, rate] of [
      [little, 0.05],
      [much, 0.5],
    ] as const) {
      const values = dropout(tf.ones([1, 1, 8000])).dataSync();
      expect(values.filter((value) => value === 0).length / values.length).toBeCloseTo(rate, 1);
      expect(tf.mean(tf.tensor1d(values as Float32Array)).arraySync()).toBeCloseTo(1, 1);
    }
  });

  it('shares a mask along the sequence and gives every call another', () => {
    const [dropout] = dropoutsFrom(noise(2), [0.5]);
    const [first, second] = [dropout(tf.ones([1, 3, 64])), dropout(tf.ones([1, 3, 64]))].map(
      (t) => t.arraySync() as number[][][],
    );
    expect(first[0][1]).toEqual(first[0][0]);
    expect(second[0][0]).not.toEqual(first[0][0]);
  });
});
