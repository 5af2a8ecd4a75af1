/**
 * The text half of the item head. Each item has, beside its learned vector, the direction of its text, which is not trained; each
 * query has the direction of the history's texts. An item's logit is the sum of both products. The weight of the texts is chosen on
 * validation: a shop whose texts do not help has the weight 0 and no text half. See docs/choices.md.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

import type { HostTensor } from '../compute/device';
import { HISTORY_DECAY, MAX_HISTORY_TEXTS } from '../config';
import { Rows } from '../math/rows';
import { UNKNOWN_ITEM, type SourceItem } from './source';

const EPSILON = 1e-12;

/** @returns Rows of the texts of each history's newest items, the newest last; int32 `[B, 20]`. */
export function textRows(histories: readonly (readonly SourceItem[])[]): HostTensor {
  const rows = new Rows(new Int32Array(histories.length * MAX_HISTORY_TEXTS).fill(UNKNOWN_ITEM), MAX_HISTORY_TEXTS);
  histories.forEach((items, i) => {
    const newest = items.slice(-MAX_HISTORY_TEXTS);
    rows.row(i).set(
      newest.map(({ row }) => row),
      MAX_HISTORY_TEXTS - newest.length,
    );
  });
  return { shape: [histories.length, MAX_HISTORY_TEXTS], data: rows.values };
}

/**
 * The direction of each history's texts, in which each step back counts less. Its product with an item's direction is their cosine.
 *
 * @param read - The directions of the history's items, the rows that `textRows` names; float32 `[B, 20, F]`.
 * @returns float32 `[B, F]`, of length 1; zeros where no item of the history has a text.
 */
export function historyDirections(read: Tensor): Tensor {
  const weights = Float32Array.from(
    { length: MAX_HISTORY_TEXTS },
    (_, i) => HISTORY_DECAY ** (MAX_HISTORY_TEXTS - 1 - i),
  );
  const sums = tf.sum(tf.mul(read, tf.tensor(weights, [1, MAX_HISTORY_TEXTS, 1])), 1); // → [B, F]
  const lengths = tf.sqrt(tf.add(tf.sum(tf.square(sums), -1, true), EPSILON));
  return tf.div(sums, lengths);
}
