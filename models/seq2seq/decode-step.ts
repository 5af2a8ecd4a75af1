/** Writes codes one at a time. The history is read once, and each step keeps its keys and values for the next steps. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

import { keysAndValues, type KeysAndValues } from './attention';
import type { Seq2Seq } from './batches';
import { noDropout, rmsNorm } from './blocks';
import { constantPlans, lastSlotBias, stepBias, withPadding } from './position-bias';
import { decoderLayer, newestStates, type EncoderInputs } from './transformer';

/**
 * Keys and values of the steps before, one entry per level from level 0 on, layer after layer; each float32
 * `[rows, 2 · layers, H, 1, headSize]`. Entries of later levels may be there too, and are not read.
 */
export type DecoderCache = readonly Tensor[];

/** A batch of histories as decoding reads it; computed once. */
export interface HistoryMemory {
  /** Keys and values for the cross-attention of each layer; float32 `[B, H, S, headSize]`. */
  readonly layers: readonly KeysAndValues[];
  /** Added to the scores of its positions; float32, broadcast to `[B, H, 1, S]`. */
  readonly bias: Tensor;
  /** `newestStates`; float32 `[B, 1, D]`. Null for the bidirectional encoder. */
  readonly newest: Tensor | null;
}

/**
 * Scores the next code of every live beam; keys and values of the codes before it are cached.
 *
 * @param tokens - The code written last, as a token; int32 `[rows]`, rows = B · beams, a user's beams together.
 * @param level - The level to write, 0 … idLength − 1; a number, or int32 `[1]`.
 * @param cache - The steps before, with the same rows.
 * @returns Logits over the level's codes, float32 `[rows, K]`, and the cache with this step at its end.
 */
export function decodeStep(
  model: Seq2Seq,
  tokens: Tensor,
  level: Tensor | number,
  cache: DecoderCache,
  memory: HistoryMemory,
): { logits: Tensor; cache: DecoderCache } {
  const { params, config } = model;
  const batch = memory.layers[0].keys.shape[0];
  const rows = tokens.shape[0] as number;
  const at = tf.reshape(level, [1]);
  const past = ownMemory(cache, params.decoder.length);
  const ownBias = stepBias(params.decoderBias, at, cache.length);
  const kept: Tensor[] = [];
  let x = tf.reshape(tf.gather(params.written, tokens), [batch, rows / batch, config.modelSize]);
  if (memory.newest !== null) x = tf.add(x, memory.newest);
  for (const [i, layer] of params.decoder.entries()) {
    const own = { shape: [rows, 1], bias: ownBias, past: past.map((step) => step[i]) } as const;
    const cross = { memory: memory.layers[i], bias: memory.bias };
    const { output, made } = decoderLayer(config, layer, x, own, cross, noDropout);
    x = output;
    kept.push(made.keys, made.values);
  }
  const written = tf.reshape(rmsNorm(x, params.decoderNorm), [rows, config.modelSize]);
  const weights = tf.reshape(tf.gather(params.head, tf.cast(at, 'int32')), [config.modelSize, -1]);
  return {
    logits: tf.matMul(written as tf.Tensor2D, weights as tf.Tensor2D),
    cache: [...cache, tf.stack(kept, 1)],
  };
}

/**
 * @param states - From `encode`; float32 `[B, S, D]`.
 * @param inputs - As for `encode`.
 */
export function historyMemory(
  model: Seq2Seq,
  states: Tensor,
  { mask, plans = constantPlans(model, states.shape[1] as number) }: Pick<EncoderInputs, 'mask' | 'plans'>,
): HistoryMemory {
  const { params, config } = model;
  return {
    bias: withPadding(lastSlotBias(model, plans), mask),
    layers: params.decoder.map((layer) => keysAndValues(layer.cross, states, config.numHeads)),
    newest: config.encoder === 'item-causal' ? newestStates(states, 1, 'full') : null,
  };
}

/** @returns Keys and values of each step, layer by layer; float32 `[rows, H, 1, headSize]` each. */
function ownMemory(steps: DecoderCache, layers: number): KeysAndValues[][] {
  return steps.map((step) => {
    const parts = tf.unstack(step, 1);
    return Array.from({ length: layers }, (_, i) => ({ keys: parts[2 * i], values: parts[2 * i + 1] }));
  });
}
