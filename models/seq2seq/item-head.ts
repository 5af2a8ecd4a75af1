/**
 * The item head: scores each item known in training by its own vector. It reads the same encoder as the decoder.
 *
 * It is a softmax over the whole catalogue, trained with cross-entropy; its vectors are those that the encoder reads. Source: SASRec
 * (Kang & McAuley, 2018), section III.E; the full softmax as Klenitskiy & Vasilev (2023) train it. A step of a large catalogue
 * computes it over a sample of the items: see models/training/softmax-sample.ts.
 */
import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs';

import type { TargetMask } from './position-bias';
import { newestStates } from './transformer';

/**
 * @param states - The encoder's states at the newest item of each history; float32 `[R, D]`.
 * @param itemVectors - float32 `[N + 1, D]`; row 0 is for unknown items.
 * @returns Logits; float32 `[R, N]`.
 */
export function itemLogits(states: Tensor, itemVectors: Variable): Tensor {
  return tf.matMul(states as Tensor2D, tf.slice(itemVectors, [1, 0]) as Tensor2D, false, true);
}

/** Items that stand for the whole catalogue in a softmax. */
export interface SoftmaxSample {
  /** Rows of the item vectors; int32 `[C]`. */
  readonly items: Tensor;
  /** Logarithm of how many items each of them stands for; float32 `[C]`. */
  readonly logWeights: Tensor;
}

/**
 * Negative log-likelihood of every target under the softmax over all items.
 *
 * @param states - From `encode`; float32 `[B, S, D]`, one position an item.
 * @param targetItems - Rows of the item vectors; int32 `[B, T]`.
 * @param targetMask - `causal`: target t is predicted from the position before it; `full`: every target from the last position.
 * @param sample - Absent: the softmax is computed over all items.
 * @returns float32 `[B, T]`, in nats.
 */
export function itemLosses(
  states: Tensor,
  targetItems: Tensor,
  targetMask: TargetMask,
  itemVectors: Variable,
  sample?: SoftmaxSample,
): Tensor {
  const told = newestStates(states, targetItems.shape[1] as number, targetMask); // → [B, T or 1, D]
  const [batch, slots, size] = told.shape as [number, number, number];
  const flat = tf.reshape(told, [batch * slots, size]);
  const logits = sample === undefined ? itemLogits(flat, itemVectors) : sampledLogits(flat, itemVectors, sample);
  const scores = tf.sum(tf.mul(told, tf.gather(itemVectors, targetItems)), -1); // → [B, T]
  return tf.sub(tf.reshape(logSumExp(logits), [batch, slots]), scores);
}

/** `[R, D]` → `[R, C]`. Each logit is raised so that its exponential is that of all items that it stands for. */
function sampledLogits(states: Tensor, itemVectors: Variable, { items, logWeights }: SoftmaxSample): Tensor {
  const vectors = tf.gather(itemVectors, items as tf.Tensor1D);
  return tf.add(tf.matMul(states as Tensor2D, vectors as Tensor2D, false, true), logWeights);
}

/** log Σ exp of each row, `[R, N]` → `[R]`. It makes one pass in each direction over the largest array of a step. */
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
