/**
 * The item head teaches the decoder: soft targets that say, at each level, how probable every code is after the codes before it when
 * the item head's probabilities are summed over the items with these codes.
 *
 * Source: Hinton et al. (2015), without a temperature; the sums over codes follow from the semantic IDs.
 */
import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';

import type { HostTensors } from '../compute/device';
import type { SemanticId } from '../semantic-id/semantic-ids';
import { FORBIDDEN } from '../seq2seq/attention';

/** In a group that has fewer items than the largest. */
const NO_ITEM = -1;

/**
 * What a step needs to know of the items: the codes of each, and which items have each first code, so that the items under a prefix
 * are looked for among few.
 *
 * @param width - Codes per level, K.
 * @returns `itemCodes` int32 `[N, idLength]`; `itemGroups` int32 `[K, G]`, item rows, then `NO_ITEM`.
 */
export function codedItems(semanticIds: readonly SemanticId[], width: number): HostTensors {
  const members: number[][] = Array.from({ length: width }, () => []);
  semanticIds.forEach((id, row) => members[id[0]].push(row));
  const size = Math.max(...members.map((rows) => rows.length));
  const groups = new Int32Array(width * size).fill(NO_ITEM);
  members.forEach((rows, code) => groups.set(rows, code * size));
  return {
    itemCodes: { shape: [semanticIds.length, semanticIds[0].length], data: Int32Array.from(semanticIds.flat()) },
    itemGroups: { shape: [width, size], data: groups },
  };
}

/**
 * @param itemLogits - Of the item head; float32 `[R, N]`. No gradient flows to them.
 * @param targets - Their codes are the prefixes; int32 `[R · T, idLength]`, T for each row of logits.
 * @param items - `codedItems`.
 * @param width - Codes per level, K.
 * @returns Probabilities of the codes of each level; float32 `[idLength, R · T, K]`.
 */
export function softTargets(
  itemLogits: Tensor,
  targets: Tensor,
  items: Record<'itemCodes' | 'itemGroups', Tensor>,
  width: number,
): Tensor {
  const withoutGradient = tf.customGrad((logits, save) => {
    (save as tf.GradSaveFunc)([logits as Tensor]);
    const value = tf.stack([
      firstLevel(logits as Tensor2D, targets, items.itemCodes, width),
      ...laterLevels(logits as Tensor2D, targets, items.itemCodes, items.itemGroups, width),
    ]);
    return { value, gradFunc: (_dy: Tensor, [saved]: Tensor[]) => tf.zerosLike(saved) };
  });
  return withoutGradient(itemLogits);
}

function firstLevel(logits: Tensor2D, targets: Tensor, itemCodes: Tensor, width: number): Tensor {
  const [rows] = logits.shape;
  const each = targets.shape[0]! / rows;
  const codes = tf.cast(tf.oneHot(levelOf(itemCodes, 0), width), 'float32') as Tensor2D; // → [N, K]
  const ofRows = tf.expandDims(tf.matMul(tf.softmax(logits), codes), 1);
  return tf.reshape(tf.tile(ofRows, [1, each, 1]), [rows * each, width]);
}

/** Each sums over the items of one group, less those that differ from the target in a code before. */
function laterLevels(
  logits: Tensor2D,
  targets: Tensor,
  itemCodes: Tensor,
  itemGroups: Tensor,
  width: number,
): Tensor[] {
  const [rows, idLength] = targets.shape as [number, number];
  const members = tf.gather(itemGroups, levelOf(targets, 0)); // → [R · T, G]
  const known = tf.maximum(members, tf.scalar(0, 'int32'));
  const scores = scoresOf(known, logits);
  let isUnder: Tensor = tf.cast(tf.greater(members, tf.scalar(NO_ITEM, 'int32')), 'float32');
  return Array.from({ length: idLength - 1 }, (_, i) => {
    const codes = tf.gather(levelOf(itemCodes, i + 1), known); // → [R · T, G]
    const shares = tf.softmax(tf.add(scores, tf.mul(tf.sub(1, isUnder), FORBIDDEN)));
    isUnder = tf.mul(isUnder, tf.cast(tf.equal(codes, tf.slice(targets, [0, i + 1], [rows, 1])), 'float32'));
    return sumByCode(shares, codes, width);
  });
}

/** @returns The logits of each row's own items; float32 `[R · T, G]`. */
function scoresOf(items: Tensor, logits: Tensor2D): Tensor {
  const [rows, numItems] = logits.shape;
  const each = items.shape[0]! / rows;
  const starts = Int32Array.from({ length: rows * each }, (_, i) => Math.floor(i / each) * numItems);
  return tf.gather(tf.reshape(logits, [-1]), tf.add(items, tf.tensor(starts, [rows * each, 1], 'int32')) as Tensor1D);
}

/** @returns For each row the sum of the shares with each code; float32 `[rows, K]`. */
function sumByCode(shares: Tensor, codes: Tensor, width: number): Tensor {
  const [rows, size] = shares.shape as [number, number];
  const starts = Int32Array.from({ length: rows }, (_, i) => i * width);
  const cells = tf.reshape(tf.add(codes, tf.tensor(starts, [rows, 1], 'int32')), [rows * size]);
  const sums = tf.unsortedSegmentSum(tf.reshape(shares, [rows * size]), cells as Tensor1D, rows * width);
  return tf.reshape(sums, [rows, width]);
}

function levelOf(codes: Tensor, level: number): Tensor1D {
  return tf.reshape(tf.slice(codes, [0, level], [-1, 1]), [-1]);
}
