/** The learned weights of the sequence model, as named variables. */
import '@tensorflow/tfjs-backend-cpu'; // holds variables until a device does
import * as tf from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';

import type { Seq2SeqConfig } from '../config';
import { KIND_ROWS } from '../data/kinds';
import { createRandom, type Random } from '../math/random';
import type { AttentionParams } from './attention';
import type { FeedForwardParams } from './blocks';
import { GAP_BUCKETS } from './gaps';
import type { Vocabulary } from './vocabulary';

/**
 * The scale of the codes' vectors in a model with item vectors. Item vectors have length 1 or so, so an item starts as nearly its own
 * vector alone.
 */
const CODE_DEVIATION = 0.02;

export interface EncoderLayerParams {
  readonly attention: AttentionParams;
  readonly attentionNorm: Variable;
  readonly feedForward: FeedForwardParams;
  readonly feedForwardNorm: Variable;
}

export interface DecoderLayerParams extends EncoderLayerParams {
  readonly cross: AttentionParams;
  readonly crossNorm: Variable;
}

export interface Seq2SeqParams {
  /** float32 `[V, D]`. */
  readonly embedding: Variable;
  /** float32 `[buckets, H]`. */
  readonly encoderBias: Variable;
  readonly encoder: readonly EncoderLayerParams[];
  readonly encoderNorm: Variable;
  /** Row 0 for unknown items, then one row per item known in training; encoder and item head read them; float32 `[N + 1, D]`. */
  readonly itemVectors: Variable | null;
  /** Vector that the kind of an event adds to that of its item; float32 `[kinds, D]`; null: the encoder reads codes alone. */
  readonly kinds: Variable | null;
  /** Vector that the time since the event before adds: see `gapBucket`; float32 `[buckets, D]`; null as `kinds`. */
  readonly gaps: Variable | null;
  /** The vectors by which the decoder reads the codes written: `embedding`, or in a model with item vectors a table of its own. */
  readonly written: Variable;
  /** float32 `[idLength, H]`. */
  readonly decoderBias: Variable;
  /** Bias of the cross-attention by item distance; null for the bidirectional encoder, whose states include positions. */
  readonly crossBias: Variable | null;
  readonly decoder: readonly DecoderLayerParams[];
  readonly decoderNorm: Variable;
  /** The output weights of each level; float32 `[idLength, D, K]`. */
  readonly head: Variable;
  /** All weights by name, in a fixed order. */
  readonly variables: ReadonlyMap<string, Variable>;
}

/**
 * Makes random parameters with T5's standard deviations, so that unscaled attention scores start near unit variance.
 *
 * @param seed - Null: zeros, for weights that will be read from a checkpoint.
 * @param numItems - Items known in training, N; read only for a model with an item head.
 *
 * Source: Raffel et al. (2020) and its initialisation in Mesh TensorFlow: query (D · headSize)^-½, others fan-in^-½.
 */
export function createParameters(
  config: Seq2SeqConfig,
  vocabulary: Vocabulary,
  seed: number | null,
  numItems: number,
): Seq2SeqParams {
  const make = new ParameterMaker(seed === null ? null : createRandom(seed));
  const { modelSize: D, numHeads: H, numBuckets } = config;
  const isItemCausal = config.encoder === 'item-causal';
  const table = (name: string, rows: number) => make.normal(name, [rows, H], D ** -0.5);
  const embedding = make.normal('embedding', [vocabulary.size, D], config.itemHead ? CODE_DEVIATION : 1);
  return {
    embedding,
    written: config.itemHead ? make.normal('written', [vocabulary.size, D], 1) : embedding,
    encoderBias: table('encoderBias', numBuckets + 1),
    decoderBias: table('decoderBias', vocabulary.idLength),
    crossBias: isItemCausal ? table('crossBias', numBuckets + 1) : null,
    encoder: layers(config.encoderLayers, (i) => encoderLayer(make, `encoder.${i}`, config, config.itemHead)),
    encoderNorm: make.ones('encoderNorm', D),
    decoder: layers(config.decoderLayers, (i) => decoderLayer(make, `decoder.${i}`, config)),
    decoderNorm: make.ones('decoderNorm', D),
    head: make.normal('head', [vocabulary.idLength, D, vocabulary.codebookSize], D ** -0.5),
    kinds: isItemCausal ? make.normal('kinds', [KIND_ROWS, D], 0) : null,
    gaps: isItemCausal ? make.normal('gaps', [GAP_BUCKETS, D], 0) : null,
    itemVectors: config.itemHead ? make.normal('itemVectors', [numItems + 1, D], D ** -0.5) : null,
    variables: make.variables,
  };
}

/** @returns How many numbers are learned. */
export function countParameters(params: Seq2SeqParams): number {
  return [...params.variables.values()].reduce((sum, variable) => sum + variable.size, 0);
}

export function disposeParameters(params: Seq2SeqParams): void {
  for (const variable of params.variables.values()) variable.dispose();
}

function layers<T>(count: number, layer: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => layer(index));
}

function encoderLayer(
  make: ParameterMaker,
  name: string,
  config: Seq2SeqConfig,
  startsAtZero = false,
): EncoderLayerParams {
  const { modelSize: D, feedForwardSize } = config;
  return {
    attention: attention(make, `${name}.attention`, config, startsAtZero),
    attentionNorm: make.ones(`${name}.attentionNorm`, D),
    feedForward: {
      up: make.normal(`${name}.feedForward.up`, [D, feedForwardSize], D ** -0.5),
      down: make.normal(`${name}.feedForward.down`, [feedForwardSize, D], startsAtZero ? 0 : feedForwardSize ** -0.5),
    },
    feedForwardNorm: make.ones(`${name}.feedForwardNorm`, D),
  };
}

function decoderLayer(make: ParameterMaker, name: string, config: Seq2SeqConfig): DecoderLayerParams {
  return {
    ...encoderLayer(make, name, config, config.itemHead),
    cross: attention(make, `${name}.cross`, config, config.itemHead),
    crossNorm: make.ones(`${name}.crossNorm`, config.modelSize),
  };
}

function attention(make: ParameterMaker, name: string, config: Seq2SeqConfig, startsAtZero = false): AttentionParams {
  const { modelSize: D, headSize } = config;
  const inner = config.numHeads * headSize;
  return {
    query: make.normal(`${name}.query`, [D, inner], (D * headSize) ** -0.5),
    key: make.normal(`${name}.key`, [D, inner], D ** -0.5),
    value: make.normal(`${name}.value`, [D, inner], D ** -0.5),
    out: make.normal(`${name}.out`, [inner, D], startsAtZero ? 0 : inner ** -0.5),
  };
}

class ParameterMaker {
  readonly variables = new Map<string, Variable>();

  constructor(private readonly random: Random | null) {}

  normal(name: string, shape: number[], deviation: number): Variable {
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    if (this.random !== null) for (let i = 0; i < values.length; i++) values[i] = this.random.normal() * deviation;
    return this.keep(name, tf.tensor(values, shape));
  }

  ones(name: string, size: number): Variable {
    return this.keep(name, tf.ones([size]));
  }

  private keep(name: string, value: tf.Tensor): Variable {
    const variable = tf.tidy(() => tf.variable(value));
    value.dispose();
    this.variables.set(name, variable);
    return variable;
  }
}
