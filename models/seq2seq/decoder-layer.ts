/**
 * One layer of the decoder: attention to the codes of the same item, attention to the history, feed-forward. Training writes all
 * codes of an item at once and serving writes one at a time; both use this layer.
 *
 * Source: T5 (Raffel et al., 2020).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

import type { Seq2SeqConfig } from '../config';
import { attend, keysAndValues, type KeysAndValues } from './attention';
import { feedForward, rmsNorm, type Dropout } from './blocks';
import type { DecoderLayerParams } from './parameters';

/** How codes see the codes of their own item. */
export interface OwnAttention {
  /** Items being written at once, and how many codes of each are computed in this call. */
  readonly shape: readonly [items: number, codes: number];
  /** float32, broadcast to `[items, H, codes, past codes + codes]`. */
  readonly bias: Tensor;
  /** Keys and values of the codes written by earlier calls, one entry per call; float32 `[items, H, codes, headSize]`. */
  readonly past: readonly KeysAndValues[];
}

/** How codes see the history. */
export interface CrossAttention {
  /** float32 `[B, H, S, headSize]`. */
  readonly memory: KeysAndValues;
  /** float32, broadcast to `[B, H, Q, S]`; null: none. */
  readonly bias: Tensor | null;
}

/**
 * @param x - The codes of all items of a user in one row; float32 `[B, Q, D]` with B · Q = items · codes. So all of them ask the
 *   history in one attention, and its keys and values are not copied for each item.
 * @returns The layer's output, float32 `[B, Q, D]`, and the keys and values of the codes computed.
 */
export function decoderLayer(
  config: Seq2SeqConfig,
  layer: DecoderLayerParams,
  x: Tensor,
  own: OwnAttention,
  cross: CrossAttention,
  dropout: Dropout,
): { output: Tensor; made: KeysAndValues } {
  const { numHeads, modelSize } = config;
  const codes = tf.reshape(rmsNorm(x, layer.attentionNorm), [...own.shape, modelSize]);
  const made = keysAndValues(layer.attention, codes, numHeads);
  const seen = own.past.length === 0 ? made : joined([...own.past, made]);
  const ofItem = attend(layer.attention, codes, seen, own.bias, numHeads, dropout); // → [items, codes, D]
  x = tf.add(x, dropout(tf.reshape(ofItem, x.shape)));
  const ofHistory = attend(layer.cross, rmsNorm(x, layer.crossNorm), cross.memory, cross.bias, numHeads, dropout);
  x = tf.add(x, dropout(ofHistory));
  const output = tf.add(x, dropout(feedForward(layer.feedForward, rmsNorm(x, layer.feedForwardNorm), dropout)));
  return { output, made };
}

/** Keys and values of successive codes, one after another. */
function joined(steps: readonly KeysAndValues[]): KeysAndValues {
  const along = (tensors: Tensor[]) => tf.concat(tensors, 2);
  return { keys: along(steps.map(({ keys }) => keys)), values: along(steps.map(({ values }) => values)) };
}
