/**
 * The T5-style encoder-decoder that reads a history's tokens and writes the next item's codes.
 *
 * The same functions serve both encoders. The paper's encoder has one target per history (T = 1); the item-causal one has a target
 * after every item, which sees only the items before it. Source: TIGER (Rajput et al., 2023), section 3.2; the layers
 * follow T5 (Raffel et al., 2020). Left out: T5's tied output weights; each level has output weights for its own codes only.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

import type { Seq2SeqConfig } from '../config';
import { attend, keysAndValues, type PlanTensors, type KeysAndValues } from './attention';
import type { Seq2Seq } from './batches';
import { feedForward, noDropout, rmsNorm, type Dropout } from './blocks';
import type { DecoderLayerParams } from './parameters';
import {
  constantPlans,
  crossBias,
  decoderBias,
  encoderBias,
  withPadding,
  type SourcePlans,
  type TargetMask,
} from './position-bias';
import { BEGIN_TOKEN, levelOffset, type Vocabulary } from './vocabulary';

/** Inputs of the encoder: see `SourceBatch.inputs`. */
export interface EncoderInputs {
  /** int32 `[B, S]` or `[B, S, idLength]`: the user's, then the items', oldest first. */
  readonly tokens: Tensor;
  /** 1 where a position is real; float32 `[B, S]`. */
  readonly mask: Tensor;
  /** Rows of the item vectors, where the model has them; int32 `[B, S]`. */
  readonly items?: Tensor;
  /** Kind of each event, and bucket of the time since the one before it, where the model reads them; int32 `[B, S]`. */
  readonly kinds?: Tensor;
  readonly gaps?: Tensor;
  /** The item vectors of these rows, where the caller has read them already; float32 `[B, S, D]`. */
  readonly itemVectors?: Tensor;
  /** Absent: constants, for a length that is known. */
  readonly plans?: SourcePlans<PlanTensors>;
}

/** @returns States; float32 `[B, S, D]`. */
export function encode(model: Seq2Seq, inputs: EncoderInputs, dropout: Dropout = noDropout): Tensor {
  const { params, config } = model;
  const { tokens, mask, plans = constantPlans(model, tokens.shape[1] as number) } = inputs;
  const bias = withPadding(encoderBias(model, plans), mask); // → [1 or B, H, S, S]
  let x = dropout(embed(model, inputs)); // → [B, S, D]
  for (const layer of params.encoder) {
    const normed = rmsNorm(x, layer.attentionNorm);
    const memory = keysAndValues(layer.attention, normed, config.numHeads);
    x = tf.add(x, dropout(attend(layer.attention, normed, memory, bias, config.numHeads, dropout)));
    x = tf.add(x, dropout(feedForward(layer.feedForward, rmsNorm(x, layer.feedForwardNorm), dropout)));
  }
  return dropout(rmsNorm(x, params.encoderNorm));
}

/** An event in one position is the sum of its codes' vectors, its item's own if the model has them, its kind's and its gap's. */
function embed({ params }: Seq2Seq, { tokens, items, itemVectors, kinds, gaps }: EncoderInputs): Tensor {
  const vectors = tf.gather(params.embedding, tokens);
  const parts = [tokens.shape.length === 3 ? tf.sum(vectors, 2) : vectors];
  if (itemVectors !== undefined) parts.push(itemVectors);
  else if (items !== undefined && params.itemVectors !== null) parts.push(tf.gather(params.itemVectors, items));
  if (kinds !== undefined && params.kinds !== null) parts.push(tf.gather(params.kinds, kinds));
  if (gaps !== undefined && params.gaps !== null) parts.push(tf.gather(params.gaps, gaps));
  return parts.reduce((sum, part) => tf.add(sum, part));
}

/**
 * Teacher-forced decoding: scores every code of every target given the codes before it.
 *
 * @param states - From `encode`; float32 `[B, S, D]`.
 * @param mask - As in `encode`.
 * @param targets - Codes of the items to write; int32 `[B, T, idLength]`.
 * @param targetMask - Not read for the bidirectional encoder: there every target sees the whole source.
 * @returns Logits over each level's own codes; float32 `[idLength, B · T, K]`.
 */
export function decode(
  model: Seq2Seq,
  states: Tensor,
  mask: Tensor,
  targets: Tensor,
  targetMask: TargetMask,
  dropout: Dropout = noDropout,
): Tensor {
  const { params, config, vocabulary } = model;
  const [batch, slots, idLength] = targets.shape as [number, number, number];
  const inputs = decoderInputs(vocabulary, targets);
  const sourceBias = withPadding(crossBias(model, states.shape[1] as number, slots, targetMask), mask);
  const codes = tf.gather(params.written, inputs); // → [B, T, idLength, D]
  const start =
    config.encoder === 'item-causal' ? tf.add(codes, tf.expandDims(newestStates(states, slots, targetMask), 2)) : codes;
  let x = dropout(tf.reshape(start, [batch, slots * idLength, config.modelSize]));
  const own = { shape: [batch * slots, idLength], bias: decoderBias(model), past: [] } as const;
  for (const layer of params.decoder) {
    const cross = { memory: keysAndValues(layer.cross, states, config.numHeads), bias: sourceBias };
    x = decoderLayer(config, layer, x, own, cross, dropout).output;
  }
  const written = dropout(rmsNorm(x, params.decoderNorm));
  const byLevel = tf.transpose(tf.reshape(written, [batch * slots, idLength, config.modelSize]), [1, 0, 2]);
  return tf.matMul(byLevel, params.head); // → [idLength, B · T, K]
}

/**
 * The state of the item-causal encoder at the newest item that a target sees; it is added to every code that the decoder reads.
 *
 * @returns float32 `[B, T, D]`, or `[B, 1, D]` where all targets see the same.
 */
export function newestStates(states: Tensor, slots: number, targetMask: TargetMask): Tensor {
  const length = states.shape[1] as number;
  return tf.slice(states, [0, length - (targetMask === 'causal' ? slots : 1), 0]);
}

/** Targets shifted right by one, a begin token first; int32 `[B, T, idLength]`. */
function decoderInputs(vocabulary: Vocabulary, targets: Tensor): Tensor {
  const [batch, slots, idLength] = targets.shape as [number, number, number];
  const offsets = Int32Array.from({ length: idLength - 1 }, (_, level) => levelOffset(vocabulary, level));
  const begin = tf.fill([batch, slots, 1], BEGIN_TOKEN, 'int32');
  const codes = tf.slice(targets, [0, 0, 0], [batch, slots, idLength - 1]);
  return tf.concat([begin, tf.add(codes, tf.tensor(offsets, [1, 1, idLength - 1], 'int32'))], 2);
}

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
  /** float32, broadcast to `[B, H, Q, S]`. */
  readonly bias: Tensor;
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
