/**
 * The item head: scores every item known in training by a vector of its own, on the same encoder as the decoder that writes codes.
 *
 * A softmax over the whole catalogue with cross-entropy, whose vectors are those that the encoder reads. Source: SASRec
 * (Kang & McAuley, 2018), section III.E; the full softmax as Klenitskiy & Vasilev (2023) train it.
 */
import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs';

import type { TargetMask } from './position-bias';
import { newestStates } from './transformer';

/**
 * @param states - What the encoder knows after a history's newest item; float32 `[R, D]`.
 * @param itemVectors - float32 `[N + 1, D]`; the first is no item's.
 * @returns Logits; float32 `[R, N]`.
 */
export function itemLogits(states: Tensor, itemVectors: Variable): Tensor {
  return tf.matMul(states as Tensor2D, tf.slice(itemVectors, [1, 0]) as Tensor2D, false, true);
}

/**
 * Negative log-likelihood of every target under the softmax over all items.
 *
 * @param states - From `encode`; float32 `[B, S, D]`, one position an item.
 * @param targetItems - Rows of the item vectors; int32 `[B, T]`.
 * @param targetMask - With `causal`, target t is told from the position before it; with `full`, every target from the last one.
 * @returns float32 `[B, T]`, in nats.
 */
export function itemLosses(states: Tensor, targetItems: Tensor, targetMask: TargetMask, itemVectors: Variable): Tensor {
  const told = newestStates(states, targetItems.shape[1] as number, targetMask); // → [B, T or 1, D]
  const [batch, slots, size] = told.shape as [number, number, number];
  const logits = itemLogits(tf.reshape(told, [batch * slots, size]), itemVectors);
  const scores = tf.sum(tf.mul(told, tf.gather(itemVectors, targetItems)), -1); // → [B, T]
  return tf.sub(tf.reshape(logSumExp(logits), [batch, slots]), scores);
}

/** log Σ exp of each row, `[R, N]` → `[R]`; one pass each way over what is by far the largest array of a step. */
function logSumExp(logits: Tensor): Tensor {
  return logSumExpWithGradient(logits);
}

const logSumExpWithGradient = tf.customGrad((logits, save) => {
  const scores = logits as Tensor;
  const value = tf.logSumExp(scores, -1);
  (save as tf.GradSaveFunc)([scores]);
  const gradFunc = (dy: Tensor, saved: Tensor[]) => tf.mul(tf.softmax(saved[0]), tf.expandDims(dy, -1));
  return { value, gradFunc };
});
