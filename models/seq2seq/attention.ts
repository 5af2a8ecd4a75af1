/** Multi-head attention as in T5: scores are not divided by √d, because the initialisation does it; positions are a learned bias. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

import { project, type Dropout } from './blocks';

/** Added to the scores of keys that a query must not see, and of codes that must not follow. */
export const FORBIDDEN = -1e9;

export interface AttentionParams {
  /** float32 `[D, H · headSize]`; so are `key` and `value`. */
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  /** float32 `[H · headSize, D]`. */
  readonly out: Tensor;
}

/** Keys and values of a sequence, float32 `[B, H, S, headSize]` each. */
export interface KeysAndValues {
  readonly keys: Tensor;
  readonly values: Tensor;
}

export function keysAndValues(params: AttentionParams, x: Tensor, numHeads: number): KeysAndValues {
  return { keys: splitHeads(project(x, params.key), numHeads), values: splitHeads(project(x, params.value), numHeads) };
}

/**
 * @param x - The queries' inputs; float32 `[B, T, D]`.
 * @param memory - Keys and values that they attend to.
 * @param bias - Added to the scores; float32, broadcast to `[B, H, T, S]`.
 * @returns float32 `[B, T, D]`.
 */
export function attend(
  params: AttentionParams,
  x: Tensor,
  memory: KeysAndValues,
  bias: Tensor,
  numHeads: number,
  dropout: Dropout,
): Tensor {
  const queries = splitHeads(project(x, params.query), numHeads);
  const products = tf.matMul(queries, memory.keys, false, true); // → [B, H, T, S]
  const weights = dropout(tf.softmax(tf.add(products, bias)));
  return project(mergeHeads(tf.matMul(weights, memory.values)), params.out);
}

/** `[B, S, H · headSize]` → `[B, H, S, headSize]`. */
function splitHeads(x: Tensor, numHeads: number): Tensor {
  const [batch, length, inner] = x.shape;
  return tf.transpose(tf.reshape(x, [batch, length, numHeads, inner / numHeads]), [0, 2, 1, 3]);
}

/** `[B, H, S, headSize]` → `[B, S, H · headSize]`. */
function mergeHeads(x: Tensor): Tensor {
  const [batch, numHeads, length, headSize] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, length, numHeads * headSize]);
}

/** The bias of each pair of positions, and whether the query may see the key. Row-major `[queries, keys]`. */
export interface BiasPlan {
  readonly queries: number;
  readonly keys: number;
  /** Each pair's row of the bias table. */
  readonly buckets: Int32Array;
  /** Added to the scores: 0, or −10⁹ where the key is hidden. */
  readonly hidden: Float32Array;
}

/** @returns The plan in which each pair has bucket `bucketOf(query, key)`; null hides the key. */
export function planBias(
  queries: number,
  keys: number,
  bucketOf: (query: number, key: number) => number | null,
): BiasPlan {
  const buckets = new Int32Array(queries * keys);
  const hidden = new Float32Array(queries * keys);
  for (let query = 0; query < queries; query++) {
    for (let key = 0; key < keys; key++) {
      const bucket = bucketOf(query, key);
      if (bucket === null) hidden[query * keys + key] = FORBIDDEN;
      else buckets[query * keys + key] = bucket;
    }
  }
  return { queries, keys, buckets, hidden };
}

/** A plan that a function can calculate with. As inputs of a compiled function, they can be of any length. */
export interface PlanTensors {
  /** int32 `[queries, keys]`. */
  readonly buckets: Tensor;
  /** float32 `[queries, keys]`; null: no key is hidden. */
  readonly hidden: Tensor | null;
}

/** @returns Constants. */
export function planTensors({ queries, keys, buckets, hidden }: BiasPlan): PlanTensors {
  const shape = [queries, keys];
  return {
    buckets: tf.tensor(buckets, shape, 'int32'),
    hidden: hidden.some((bias) => bias !== 0) ? tf.tensor(hidden, shape) : null,
  };
}

/**
 * @param table - Learned biases; float32 `[buckets, H]`.
 * @returns float32 `[1, H, queries, keys]`.
 */
export function relativeBias(table: Tensor, { buckets, hidden }: PlanTensors): Tensor {
  const pairs = buckets.shape as [number, number];
  const rows = tf.gather(table, tf.reshape(buckets, [-1])); // → [queries · keys, H]
  const bias = tf.reshape(tf.transpose(rows, [1, 0]), [1, table.shape[1] as number, ...pairs]);
  return hidden === null ? bias : tf.add(bias, tf.reshape(hidden, [1, 1, ...pairs]));
}

/**
 * @param mask - 1 where a key is real; float32 `[B, S]`.
 * @returns float32 `[B, 1, 1, S]`: 0 where the key is real, −10⁹ where it is padding.
 */
export function paddingBias(mask: Tensor): Tensor {
  const [batch, length] = mask.shape;
  return tf.reshape(tf.mul(tf.sub(1, mask), FORBIDDEN), [batch, 1, 1, length]);
}

/**
 * T5's bucket of a distance: exact for the near half of the buckets, logarithmic up to `maxDistance` for the rest.
 *
 * @param distance - Query position − key position; positive: the key is before the query.
 * @param isBidirectional - True: keys after the query get the upper half of the buckets. False: a negative distance counts as 0.
 *
 * Source: Raffel et al. (2020), section 2.1.
 */
export function distanceBucket(
  distance: number,
  isBidirectional: boolean,
  numBuckets: number,
  maxDistance: number,
): number {
  const size = isBidirectional ? numBuckets / 2 : numBuckets;
  const offset = isBidirectional && distance < 0 ? size : 0;
  const steps = isBidirectional ? Math.abs(distance) : Math.max(distance, 0);
  const exact = Math.floor(size / 2);
  if (steps < exact) return offset + steps;
  const far = exact + Math.floor((Math.log(steps / exact) / Math.log(maxDistance / exact)) * (size - exact));
  return offset + Math.min(far, size - 1);
}
