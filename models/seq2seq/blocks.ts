/** The small pieces of a T5 layer: normalisation, dropout, feed-forward, cross-entropy. T5 has no bias terms. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

const NORM_EPSILON = 1e-6;

/**
 * Scales each row to root mean square 1, then by a learned gain: y = x / √(mean(x²) + ε) · g.
 *
 * The gradient is written out, because the one that tfjs derives makes three times as many passes over memory.
 *
 * @param x - float32 `[…, D]`.
 * @param gain - float32 `[D]`.
 * @returns float32 `[…, D]`.
 *
 * Source: Zhang & Sennrich (2019), equation 4.
 */
export const rmsNorm: (x: Tensor, gain: Tensor) => Tensor = tf.customGrad((x, gain, save) => {
  const [input, scale] = [x as Tensor, gain as Tensor];
  const [value, inverse] = normalise(input, scale);
  (save as tf.GradSaveFunc)([input, inverse, scale]);
  const gradFunc = (dy: Tensor, saved: Tensor[]) => {
    const [rows, inv, g] = saved;
    const unit = tf.mul(rows, inv);
    const weighted = tf.mul(dy, g);
    const along = tf.mean(tf.mul(weighted, unit), -1, true); // the part along x, which would change only its length
    const dx = tf.mul(inv, tf.sub(weighted, tf.mul(unit, along)));
    const dGain = tf.sum(tf.reshape(tf.mul(dy, unit), [-1, g.size]), 0);
    return [dx, dGain];
  };
  return { value, gradFunc };
});

/** @returns y, and the factor of each row; `[…, D]` and `[…, 1]`. It is one operation where the engine has it. */
function normalise(x: Tensor, gain: Tensor): Tensor[] {
  if (tf.getKernel('RmsNorm', tf.getBackend())) {
    return tf.engine().runKernel('RmsNorm', { x, gain }, { epsilon: NORM_EPSILON });
  }
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), NORM_EPSILON));
  return [tf.mul(tf.mul(x, inverse), gain), inverse];
}

/** Drops activations in training; does nothing in inference. */
export type Dropout = (x: Tensor) => Tensor;

export const noDropout: Dropout = (x) => x;

/**
 * Dropouts with masks that are made from one input of random numbers, so that a compiled step has new masks in every run.
 *
 * A mask is shared along the second last axis (the sequence; for attention weights the queries), as in T5X: this needs about a
 * hundredth of the random numbers. Successive calls read successive parts of the noise, and start again at its end.
 *
 * @param noise - float32 `[P]`, uniform in [0, 1): see `fillNoise`.
 * @param rates - The share that each dropout drops.
 * @returns One dropout a rate.
 */
export function dropoutsFrom(noise: Tensor, rates: readonly number[]): Dropout[] {
  let cursor = 0;
  const next = (shape: readonly number[]) => {
    const size = tf.util.sizeFromShape([...shape]);
    const source = size > noise.size ? tf.tile(noise, [Math.ceil(size / noise.size)]) : noise;
    if (cursor + size > source.size) cursor = 0;
    const part = tf.reshape(tf.slice(source, [cursor], [size]), [...shape]);
    cursor += size;
    return part;
  };
  return rates.map((rate) => {
    if (rate === 0) return noDropout;
    return (x) => {
      const isKept = tf.greaterEqual(next(x.shape.with(-2, 1)), rate);
      return tf.mul(x, tf.div(tf.cast(isKept, 'float32'), 1 - rate));
    };
  });
}

/** Fills `noise` with uniform numbers in [0, 1); equal seeds give equal noise. */
export function fillNoise(noise: Float32Array, seed: number): void {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
  for (let i = 0; i < noise.length; i++) {
    state ^= state << 13; // xorshift32 (Marsaglia, 2003)
    state ^= state >>> 17;
    state ^= state << 5;
    noise[i] = (state >>> 8) * 2 ** -24; // as many bits as a float32 has
  }
}

export interface FeedForwardParams {
  /** float32 `[D, d_ff]`. */
  readonly up: Tensor;
  /** float32 `[d_ff, D]`. */
  readonly down: Tensor;
}

/** y = drop(relu(x · up)) · down, position by position; x and y are float32 `[B, S, D]`. */
export function feedForward(params: FeedForwardParams, x: Tensor, dropout: Dropout): Tensor {
  return project(dropout(tf.relu(project(x, params.up))), params.down);
}

/** x `[B, S, I]` times weights `[I, O]` as one matrix product → `[B, S, O]`. */
export function project(x: Tensor, weights: Tensor): Tensor {
  const [batch, length, inner] = x.shape;
  const rows = tf.reshape(x, [batch * length, inner]);
  return tf.reshape(tf.matMul(rows as tf.Tensor2D, weights as tf.Tensor2D), [
    batch,
    length,
    weights.shape[1] as number,
  ]);
}

/**
 * −Σ labels · log softmax(logits), for each row.
 *
 * @param logits - float32 `[…, K]`.
 * @param labels - float32 `[…, K]`; each row adds up to 1. No gradient flows to them.
 * @returns float32 `[…]`, in nats.
 */
export const crossEntropy: (logits: Tensor, labels: Tensor) => Tensor = tf.customGrad((logits, labels, save) => {
  const [scores, target] = [logits as Tensor, labels as Tensor];
  const logProbabilities = tf.logSoftmax(scores);
  (save as tf.GradSaveFunc)([logProbabilities, target]);
  const gradFunc = (dy: Tensor, saved: Tensor[]) => {
    const difference = tf.sub(tf.exp(saved[0]), saved[1]);
    return [tf.mul(difference, tf.expandDims(dy, -1)), tf.zerosLike(saved[1])];
  };
  return { value: tf.neg(tf.sum(tf.mul(target, logProbabilities), -1)), gradFunc };
});
