/** The biases that are added to the scores of each attention: which positions see which, and how far apart they are. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

import type { Seq2SeqConfig } from '../config';
import {
  FORBIDDEN,
  distanceBucket,
  paddingBias,
  planBias,
  planTensors,
  relativeBias,
  type BiasPlan,
  type PlanTensors,
} from './attention';
import { leadPositions, type Seq2Seq } from './batches';

/**
 * The items of the source that a target may see. `causal`: target t of T sees all but the last T − 1 − t, so that one pass trains every
 * position of a history. `full`: every target sees all items.
 */
export type TargetMask = 'causal' | 'full';

/** The plans of a source that is read to write after its last item. */
export interface SourcePlans<Plan> {
  /** Plan of the encoder's attention to itself, `[S, S]`. */
  readonly encoder: Plan;
  /** Plan of a code's attention to the source, `[1, S]`; null for the bidirectional encoder, whose states include positions. */
  readonly lastSlot: Plan | null;
}

/** @param length - Source length, S. */
export function sourcePlans(model: Seq2Seq, length: number): SourcePlans<BiasPlan> {
  const hasPlan = model.params.crossBias !== null;
  return {
    encoder: encoderPlan(model, length),
    lastSlot: hasPlan ? planToItems(model, length, 1, () => 0) : null,
  };
}

/** @returns The same as constants. */
export function constantPlans(model: Seq2Seq, length: number): SourcePlans<PlanTensors> {
  const { encoder, lastSlot } = sourcePlans(model, length);
  return { encoder: planTensors(encoder), lastSlot: lastSlot && planTensors(lastSlot) };
}

/** @returns The bias of the encoder's attention to itself; float32 `[1, H, S, S]`. */
export function encoderBias({ params }: Seq2Seq, { encoder }: SourcePlans<PlanTensors>): Tensor {
  return relativeBias(params.encoderBias, encoder);
}

function encoderPlan(model: Seq2Seq, length: number): BiasPlan {
  const { config } = model;
  if (config.encoder === 'bidirectional') {
    return planBias(length, length, (query, key) =>
      distanceBucket(query - key, true, config.numBuckets, config.maxDistance),
    );
  }
  return planBias(length, length, (query, key) => itemDistanceBucket(config, itemOf(model, query), itemOf(model, key)));
}

/** Each code sees itself and the codes before it. Distances are below `idLength`, so each distance has its own bucket. */
export function decoderBias({ params, vocabulary: { idLength } }: Seq2Seq): Tensor {
  const plan = planBias(idLength, idLength, (query, key) => (key > query ? null : query - key));
  return relativeBias(params.decoderBias, planTensors(plan));
}

/** @returns The bias of targets to the source; null for the bidirectional encoder, whose states include positions. */
export function crossBias(model: Seq2Seq, length: number, slots: number, targetMask: TargetMask): Tensor | null {
  const { idLength } = model.vocabulary;
  const unseen = (query: number) => (targetMask === 'full' ? 0 : slots - 1 - Math.floor(query / idLength));
  const { crossBias: table } = model.params;
  return table && relativeBias(table, planTensors(planToItems(model, length, slots * idLength, unseen)));
}

/** @returns The same for the one code that a decoding step writes, after the last item. */
export function lastSlotBias({ params }: Seq2Seq, { lastSlot }: SourcePlans<PlanTensors>): Tensor | null {
  return params.crossBias && lastSlot && relativeBias(params.crossBias, lastSlot);
}

/** @param unseen - How many of the newest items a query does not see. */
function planToItems(model: Seq2Seq, length: number, queries: number, unseen: (query: number) => number): BiasPlan {
  return planBias(queries, length, (query, key) =>
    itemDistanceBucket(model.config, itemOf(model, length - 1 - unseen(query)), itemOf(model, key)),
  );
}

/**
 * The bias of a decoding step's attention to its own item: to the codes before, by their distance, and to the code that it reads.
 *
 * @param level - int32 `[1]`.
 * @param steps - Steps in the cache; those from `level` on are hidden.
 * @returns float32 `[1, H, 1, steps + 1]`.
 */
export function stepBias(table: Tensor, level: Tensor, steps: number): Tensor {
  const distances = tf.sub(tf.cast(level, 'int32'), tf.range(0, steps, 1, 'int32')); // → [steps]
  const buckets = tf.concat([tf.maximum(distances, tf.scalar(0, 'int32')), tf.zeros([1], 'int32')]);
  const hidden = tf.concat([tf.mul(tf.cast(tf.lessEqual(distances, 0), 'float32'), FORBIDDEN), tf.zeros([1])]);
  const numHeads = table.shape[1] as number;
  return tf.reshape(tf.transpose(tf.add(tf.gather(table, buckets), tf.expandDims(hidden, 1))), [1, numHeads, 1, -1]);
}

/** @returns The bias, or none, that also hides padding. */
export function withPadding(bias: Tensor | null, mask: Tensor): Tensor {
  return bias === null ? paddingBias(mask) : tf.add(bias, paddingBias(mask));
}

/** Later items are hidden. The user token has no distance; it alone has the last bucket. */
function itemDistanceBucket(config: Seq2SeqConfig, query: number, key: number): number | null {
  if (key < 0) return config.numBuckets;
  if (key > query) return null;
  return distanceBucket(query - key, false, config.numBuckets, config.maxDistance);
}

/** Number of the item that a position of the item-causal encoder holds; negative before the first. */
function itemOf(model: Seq2Seq, position: number): number {
  return position - leadPositions(model.config);
}
