/**
 * The T5-style encoder-decoder that reads a history's tokens and writes the next item's codes.
 *
 * One function serves both encoders: the paper's has one target a history (T = 1), the item-causal one has a target after
 * every item, each of which sees only the items before it. Source: TIGER (Rajput et al., 2023), section 3.2; the layers
 * follow T5 (Raffel et al., 2020). Left out: T5's tied output weights; each level has output weights for its own codes only.
 */
import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Seq2SeqConfig } from '../config';
import {
  FORBIDDEN,
  attend,
  distanceBucket,
  keysAndValues,
  paddingBias,
  planBias,
  relativeBias,
  type BiasPlan,
  type KeysAndValues,
} from './attention';
import { feedForward, noDropout, rmsNorm, type Dropout } from './blocks';
import type { DecoderLayerParams } from './parameters';
import { leadPositions, type Seq2Seq } from './source';
import { BEGIN_TOKEN, levelOffset, type Vocabulary } from './vocabulary';

/**
 * Which items of the source a target sees: with `earlier`, target t of T sees all but the last T − 1 − t (so that every
 * position of a history trains in one pass); with `all`, every target sees every one.
 */
export type SlotView = 'earlier' | 'all';

/** What the encoder reads: see `SourceBatch.inputs`. */
export interface EncoderInputs {
  /** int32 `[B, S]` or `[B, S, depth]`: the user's, then the items', oldest first. */
  readonly tokens: Tensor;
  /** 1 where a position is real; float32 `[B, S]`. Null: all are. */
  readonly mask: Tensor | null;
  /** Rows of the item vectors, where the model has them; int32 `[B, S]`. */
  readonly items?: Tensor;
}

/** @returns States; float32 `[B, S, D]`. */
export function encode(model: Seq2Seq, inputs: EncoderInputs, dropout: Dropout = noDropout): Tensor {
  const { params, config } = model;
  const { tokens, mask } = inputs;
  const relative = relativeBias(params.encoderBias, encoderPlan(model, tokens.shape[1] as number));
  const bias = mask === null ? relative : tf.add(relative, paddingBias(mask)); // → [1 or B, H, S, S]
  let x = dropout(embed(model, inputs)); // → [B, S, D]
  for (const layer of params.encoder) {
    const normed = rmsNorm(x, layer.attentionNorm);
    const memory = keysAndValues(layer.attention, normed, config.numHeads);
    x = tf.add(x, dropout(attend(layer.attention, normed, memory, bias, config.numHeads, dropout)));
    x = tf.add(x, dropout(feedForward(layer.feedForward, rmsNorm(x, layer.feedForwardNorm), dropout)));
  }
  return dropout(rmsNorm(x, params.encoderNorm));
}

/** An item read as one position is the sum of its codes' vectors and, where the model has them, its own. */
function embed({ params }: Seq2Seq, { tokens, items }: EncoderInputs): Tensor {
  const vectors = tf.gather(params.embedding, tokens);
  const read = tokens.shape.length === 3 ? tf.sum(vectors, 2) : vectors;
  return items === undefined || params.itemVectors === null ? read : tf.add(read, tf.gather(params.itemVectors, items));
}

/**
 * Teacher-forced decoding: scores every code of every target given the codes before it.
 *
 * @param states - From `encode`; float32 `[B, S, D]`.
 * @param mask - As in `encode`.
 * @param targets - Codes of the items to write; int32 `[B, T, depth]`.
 * @param view - Not read by the bidirectional encoder, whose states know the whole source: there every target sees all of it.
 * @returns Logits over each level's own codes; float32 `[depth, B · T, K]`.
 */
export function decode(
  model: Seq2Seq,
  states: Tensor,
  mask: Tensor | null,
  targets: Tensor,
  view: SlotView,
  dropout: Dropout = noDropout,
): Tensor {
  const { params, config, vocabulary } = model;
  const [batch, slots, depth] = targets.shape as [number, number, number];
  const inputs = decoderInputs(vocabulary, targets);
  const selfBias = relativeBias(params.decoderBias, decoderPlan(depth));
  const crossBias = combine(crossRelativeBias(model, states.shape[1] as number, slots, view), mask);
  const codes = tf.gather(params.written, inputs); // → [B, T, depth, D]
  const start =
    config.encoder === 'item-causal' ? tf.add(codes, tf.expandDims(newestStates(states, slots, view), 2)) : codes;
  let x = dropout(tf.reshape(start, [batch, slots * depth, config.modelSize]));
  for (const layer of params.decoder) {
    x = decoderLayer(
      config,
      layer,
      x,
      [batch * slots, depth],
      keysAndValues(layer.cross, states, config.numHeads),
      selfBias,
      crossBias,
      dropout,
    );
  }
  const written = dropout(rmsNorm(x, params.decoderNorm));
  const byLevel = tf.transpose(tf.reshape(written, [batch * slots, depth, config.modelSize]), [1, 0, 2]);
  return tf.matMul(byLevel, params.head); // → [depth, B · T, K]
}

/**
 * What the item-causal encoder knows after the newest item that a target sees; the decoder starts every code from it.
 *
 * @returns float32 `[B, T, D]`, or `[B, 1, D]` where all targets see the same.
 */
export function newestStates(states: Tensor, slots: number, view: SlotView): Tensor {
  const length = states.shape[1] as number;
  return tf.slice(states, [0, length - (view === 'earlier' ? slots : 1), 0]);
}

/** One decoder layer; attention to itself stays within a target's own codes. */
function decoderLayer(
  config: Seq2SeqConfig,
  layer: DecoderLayerParams,
  x: Tensor,
  [targets, depth]: [number, number],
  memory: KeysAndValues,
  selfBias: Tensor,
  crossBias: Tensor | null,
  dropout: Dropout,
): Tensor {
  const { shape } = x;
  const own = tf.reshape(rmsNorm(x, layer.attentionNorm), [targets, depth, config.modelSize]);
  const ownMemory = keysAndValues(layer.attention, own, config.numHeads);
  const attended = attend(layer.attention, own, ownMemory, selfBias, config.numHeads, dropout);
  x = tf.add(x, dropout(tf.reshape(attended, shape)));
  x = tf.add(x, dropout(attend(layer.cross, rmsNorm(x, layer.crossNorm), memory, crossBias, config.numHeads, dropout)));
  return tf.add(x, dropout(feedForward(layer.feedForward, rmsNorm(x, layer.feedForwardNorm), dropout)));
}

/** Targets shifted right by one, a begin token first; int32 `[B, T, depth]`. */
function decoderInputs(vocabulary: Vocabulary, targets: Tensor): Tensor {
  const [batch, slots, depth] = targets.shape as [number, number, number];
  const offsets = Int32Array.from({ length: depth - 1 }, (_, level) => levelOffset(vocabulary, level));
  const begin = tf.fill([batch, slots, 1], BEGIN_TOKEN, 'int32');
  const codes = tf.slice(targets, [0, 0, 0], [batch, slots, depth - 1]);
  return tf.concat([begin, tf.add(codes, tf.tensor(offsets, [1, 1, depth - 1], 'int32'))], 2);
}

/**
 * What decoding keeps of the steps before, one a level from level 0 on: own keys and values, layer after layer; float32
 * `[rows, 2 · layers, H, 1, headSize]` each. Levels that are still to come may be there too, and are not looked at.
 */
export type DecoderCache = readonly Tensor[];

/** What decoding reads of a batch of histories, made once. */
export interface HistoryMemory {
  /** Cross-attention's keys and values of each layer; float32 `[B, H, S, headSize]`. */
  readonly layers: readonly KeysAndValues[];
  /** `newestStates`; float32 `[B, 1, D]`. Null for the bidirectional encoder. */
  readonly newest: Tensor | null;
}

/**
 * Writes one code for every live beam, after codes whose keys and values are cached.
 *
 * @param tokens - The code written last, as a token; int32 `[rows]`, rows = B · beams, a user's beams together.
 * @param level - The level to be written, 0 … depth − 1; a number, or int32 `[1]`.
 * @param cache - The steps before, brought to the same rows; null: there are none.
 * @returns Logits over the level's codes, float32 `[rows, K]`, and the cache with this step at its end.
 */
export function decodeStep(
  model: Seq2Seq,
  tokens: Tensor,
  level: Tensor | number,
  cache: DecoderCache | null,
  memory: HistoryMemory,
  mask: Tensor | null,
): { logits: Tensor; cache: DecoderCache } {
  const { params, config } = model;
  const [batch, , length] = memory.layers[0].keys.shape as [number, number, number];
  const rows = tokens.shape[0] as number;
  const at = tf.reshape(level, [1]);
  const steps = cache ?? [];
  const past = ownMemory(steps, params.decoder.length);
  const selfBias = stepBias(params.decoderBias, at, steps.length);
  const crossBias = combine(lastSlotBias(model, length), mask);
  const made: Tensor[] = [];
  let x = tf.reshape(tf.gather(params.written, tokens), [batch, rows / batch, config.modelSize]);
  if (memory.newest !== null) x = tf.add(x, memory.newest);
  x = tf.reshape(x, [rows, 1, config.modelSize]);
  for (const [i, layer] of params.decoder.entries()) {
    const own = rmsNorm(x, layer.attentionNorm);
    const fresh = keysAndValues(layer.attention, own, config.numHeads);
    made.push(fresh.keys, fresh.values);
    const seen = inOrder([...past.map((step) => step[i]), fresh]);
    x = tf.add(x, attend(layer.attention, own, seen, selfBias, config.numHeads, noDropout));
    // A user's beams are the queries of one cross-attention, so that its keys and values are not copied for each.
    const asking = tf.reshape(rmsNorm(x, layer.crossNorm), [batch, rows / batch, config.modelSize]);
    x = tf.add(
      x,
      tf.reshape(attend(layer.cross, asking, memory.layers[i], crossBias, config.numHeads, noDropout), x.shape),
    );
    x = tf.add(x, feedForward(layer.feedForward, rmsNorm(x, layer.feedForwardNorm), noDropout));
  }
  const written = tf.reshape(rmsNorm(x, params.decoderNorm), [rows, config.modelSize]);
  const weights = tf.reshape(tf.gather(params.head, tf.cast(at, 'int32')), [config.modelSize, -1]);
  return {
    logits: tf.matMul(written as tf.Tensor2D, weights as tf.Tensor2D),
    cache: [...steps, tf.stack(made, 1)],
  };
}

export function historyMemory({ params, config }: Seq2Seq, states: Tensor): HistoryMemory {
  return {
    layers: params.decoder.map((layer) => keysAndValues(layer.cross, states, config.numHeads)),
    newest: config.encoder === 'item-causal' ? newestStates(states, 1, 'all') : null,
  };
}

/** @returns Keys and values of each step, layer by layer; float32 `[rows, H, 1, headSize]` each. */
function ownMemory(steps: DecoderCache, layers: number): KeysAndValues[][] {
  return steps.map((step) => {
    const parts = tf.unstack(step, 1);
    return Array.from({ length: layers }, (_, i) => ({ keys: parts[2 * i], values: parts[2 * i + 1] }));
  });
}

function inOrder(steps: readonly KeysAndValues[]): KeysAndValues {
  const along = (tensors: Tensor[]) => tf.concat(tensors, 2);
  return { keys: along(steps.map(({ keys }) => keys)), values: along(steps.map(({ values }) => values)) };
}

function combine(relative: Tensor | null, mask: Tensor | null): Tensor | null {
  if (mask === null) return relative;
  return relative === null ? paddingBias(mask) : tf.add(relative, paddingBias(mask));
}

// ---- Who sees whom, and how far apart they are --------------------------------------------------------------------

/** Number of the item that a position of the item-causal encoder holds; negative before the first. */
function itemOf(model: Seq2Seq, position: number): number {
  return position - leadPositions(model.config);
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

/** Each code sees itself and the ones before it; the distance is below `depth`, so every one has its own bucket. */
function decoderPlan(depth: number): BiasPlan {
  return planBias(depth, depth, (query, key) => (key > query ? null : query - key));
}

function crossRelativeBias(model: Seq2Seq, length: number, slots: number, view: SlotView): Tensor | null {
  const { config, params, vocabulary } = model;
  if (params.crossBias === null) return null;
  const lastItem = itemOf(model, length - 1);
  const newestSeen = (query: number) =>
    view === 'all' ? lastItem : lastItem - (slots - 1) + Math.floor(query / vocabulary.depth);
  const plan = planBias(slots * vocabulary.depth, length, (query, key) =>
    itemDistanceBucket(config, newestSeen(query), itemOf(model, key)),
  );
  return relativeBias(params.crossBias, plan);
}

/** The same for the one code that a step of decoding writes, after the last item. */
function lastSlotBias(model: Seq2Seq, length: number): Tensor | null {
  const { config, params } = model;
  if (params.crossBias === null) return null;
  const lastItem = itemOf(model, length - 1);
  return relativeBias(
    params.crossBias,
    planBias(1, length, (_, key) => itemDistanceBucket(config, lastItem, itemOf(model, key))),
  );
}

/** Later items are hidden; the user token, which has no distance, has the last bucket to itself. */
function itemDistanceBucket(config: Seq2SeqConfig, query: number, key: number): number | null {
  if (key < 0) return config.numBuckets;
  if (key > query) return null;
  return distanceBucket(query - key, false, config.numBuckets, config.maxDistance);
}

/**
 * The bias of a step's own attention: of the codes before by their distance, and of the one that the step reads.
 *
 * @param level - int32 `[1]`.
 * @param steps - Steps that are remembered; those from `level` on are hidden.
 * @returns float32 `[1, H, 1, steps + 1]`.
 */
function stepBias(table: Tensor, level: Tensor, steps: number): Tensor {
  const distances = tf.sub(tf.cast(level, 'int32'), tf.range(0, steps, 1, 'int32')); // → [steps]
  const buckets = tf.concat([tf.maximum(distances, tf.scalar(0, 'int32')), tf.zeros([1], 'int32')]);
  const hidden = tf.concat([tf.mul(tf.cast(tf.lessEqual(distances, 0), 'float32'), FORBIDDEN), tf.zeros([1])]);
  const numHeads = table.shape[1] as number;
  return tf.reshape(tf.transpose(tf.add(tf.gather(table, buckets), tf.expandDims(hidden, 1))), [1, numHeads, 1, -1]);
}
