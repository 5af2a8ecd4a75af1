/**
 * The item head: scores each item known in training by its own vector. It reads the same encoder as the decoder.
 *
 * It is a softmax over the whole catalogue, trained with cross-entropy; its vectors are those that the encoder reads. Source: SASRec
 * (Kang & McAuley, 2018), section III.E; the full softmax as Klenitskiy & Vasilev (2023) train it. A step of a large catalogue
 * computes it over a sample of the items: see models/training/sampled-items.ts.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';

import type { TargetMask } from './position-bias';
import { newestStates } from './transformer';

/** @returns The rows of a table from `begin` on, `size` of them or all that follow; row 0 is for unknown items. */
export function rowsFrom(itemVectors: Variable, begin: number, size = -1): Tensor2D {
  return tf.slice(itemVectors, [begin, 0], [size, -1]) as Tensor2D;
}

/**
 * Negative log-likelihood of every target under the softmax over all items.
 *
 * @param states - From `encode`; float32 `[B, S, D]`, one position an item.
 * @param targetItems - Rows of the item vectors; int32 `[B, T]`.
 * @param targetMask - `causal`: target t is predicted from the position before it; `full`: every target from the last position.
 * @param logWeights - Logarithm of how many items each row after row 0 stands for; float32 `[N]`. Absent: each for itself.
 * @returns float32 `[B, T]`, in nats.
 */
export function itemLosses(
  states: Tensor,
  targetItems: Tensor,
  targetMask: TargetMask,
  itemVectors: Variable,
  logWeights?: Tensor,
): Tensor {
  const newest = newestStates(states, targetItems.shape[1] as number, targetMask); // → [B, T or 1, D]
  const [batch, slots, size] = newest.shape as [number, number, number];
  const flat = tf.reshape(newest, [batch * slots, size]) as Tensor2D;
  const sums = logSums(flat, rowsFrom(itemVectors, 1), logWeights);
  const scores = tf.sum(tf.mul(newest, tf.gather(itemVectors, targetItems)), -1); // → [B, T]
  return tf.sub(tf.reshape(sums, [batch, slots]), scores);
}

/**
 * log Σ exp of each state's logits, which are raised first; `[R, D]` and `[C, D]` → `[R]`. Arrays of `[R, C]` are the largest of a step. So
 * it makes few of them: one is kept, and its gradient weighs the states, which are smaller.
 */
function logSums(states: Tensor2D, vectors: Tensor2D, raised?: Tensor): Tensor {
  const withGradient = tf.customGrad((...args) => {
    const [queries, keys, save] = args as unknown as [Tensor2D, Tensor2D, tf.GradSaveFunc];
    const products = tf.matMul(queries, keys, false, true);
    const logits = raised === undefined ? products : tf.add(products, raised);
    const shares = tf.softmax(logits) as Tensor2D;
    save([queries, keys, shares]);
    const value = logSumOf(logits, shares);
    const gradFunc = (dy: Tensor, saved: Tensor[]) => {
      const [q, k, p] = saved as Tensor2D[];
      const weights = tf.expandDims(dy, -1);
      return [tf.mul(tf.matMul(p, k), weights), tf.matMul(p, tf.mul(q, weights) as Tensor2D, true)];
    };
    return { value, gradFunc };
  });
  return withGradient(states, vectors);
}

/**
 * log Σ exp of each row, by its largest logit and the share of that in the sum.
 *
 * @param shares - The softmax of the logits; both are float32 `[R, C]`.
 * @returns float32 `[R]`.
 */
export function logSumOf(logits: Tensor, shares: Tensor): Tensor {
  return tf.sub(tf.max(logits, -1), tf.log(tf.max(shares, -1)));
}
