/**
 * The residual-quantised autoencoder: its parameters, encoder, decoder and loss.
 *
 * Source: TIGER (Rajput et al., 2023), section 3.1. The paper starts the codebooks from the first batch, which can let them
 * collapse; here training/codebook-keeper.ts starts and repairs them.
 */
import '@tensorflow/tfjs-backend-cpu'; // holds variables until a device does
import * as tf from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Tensor2D, Variable } from '@tensorflow/tfjs-core';

import type { TokenizerConfig } from '../config';
import { createRandom, type Random } from '../math/random';
import { meanSquaredLength, quantisationLoss } from './quantizer';

export interface DenseParams {
  /** float32 `[inputs, outputs]`. */
  readonly kernel: Variable<Rank.R2>;
  /** float32 `[outputs]`. */
  readonly bias: Variable<Rank.R1>;
}

export interface RqvaeParams {
  readonly encoder: readonly DenseParams[];
  readonly decoder: readonly DenseParams[];
  /** One per level, coarse to fine; each float32 `[K, D]`. */
  readonly codebooks: readonly Variable<Rank.R2>[];
  /** All of the above by name, in a fixed order. */
  readonly variables: ReadonlyMap<string, Variable>;
}

/**
 * Makes parameters: random kernels as He et al. (2015) for ReLU, biases 0. The codebooks are 0; the caller fills them from data.
 *
 * @param featureSize - Width F of the inputs.
 */
export function createRqvae(config: TokenizerConfig, featureSize: number, seed: number): RqvaeParams {
  const random = createRandom(seed);
  const widths = [featureSize, ...config.hidden, config.latentSize];
  const encoder = denseStack(widths, random);
  const decoder = denseStack(widths.toReversed(), random);
  const codebooks = Array.from({ length: config.numLevels }, () =>
    tf.variable(tf.zeros<Rank.R2>([config.codebookSize, config.latentSize])),
  );
  const variables = new Map<string, Variable>([
    ...namedStack('encoder', encoder),
    ...namedStack('decoder', decoder),
    ...codebooks.map((codebook, level): [string, Variable] => [`codebook.${level}`, codebook]),
  ]);
  return { encoder, decoder, codebooks, variables };
}

/** @returns Latents; float32 `[B, D]`. */
export function encode(params: RqvaeParams, x: Tensor2D): Tensor2D {
  return perceptron(params.encoder, x);
}

/** @returns Reconstructed inputs; float32 `[B, F]`. */
export function decode(params: RqvaeParams, latents: Tensor2D): Tensor2D {
  return perceptron(params.decoder, latents);
}

/**
 * ‖x − x̂‖² + Σ over levels of ‖sg[r] − e‖² + β‖r − sg[e]‖², averaged over the batch.
 *
 * @param x - float32 `[B, F]`.
 * @param codes - Chosen beforehand with `assignCodes(encode(params, x), params.codebooks)`; int32 `[B, L]`.
 */
export function rqvaeLoss(params: RqvaeParams, x: Tensor2D, codes: Tensor2D, commitmentCost: number): Scalar {
  const { loss, quantised } = quantisationLoss(encode(params, x), params.codebooks, codes, commitmentCost);
  return tf.add(meanSquaredLength(tf.sub(x, decode(params, quantised))), loss);
}

/** ‖x − D(E(x))‖², averaged over the batch: the loss without quantisation. */
export function autoencoderLoss(params: RqvaeParams, x: Tensor2D): Scalar {
  return meanSquaredLength(tf.sub(x, decode(params, encode(params, x))));
}

/** @returns The variables of encoder and decoder, without the codebooks. */
export function networkVariables({ encoder, decoder }: RqvaeParams): Variable[] {
  return [...encoder, ...decoder].flatMap(({ kernel, bias }) => [kernel, bias] as Variable[]);
}

/** ReLU between the layers, none after the last. */
function perceptron(layers: readonly DenseParams[], x: Tensor2D): Tensor2D {
  return layers.reduce((hidden, { kernel, bias }, i) => {
    const sum: Tensor2D = tf.add(tf.matMul(hidden, kernel), bias);
    return i < layers.length - 1 ? tf.relu(sum) : sum;
  }, x);
}

function denseStack(widths: readonly number[], random: Random): DenseParams[] {
  return widths.slice(1).map((outputs, i) => {
    const inputs = widths[i];
    const deviation = Math.sqrt(2 / inputs);
    const values = Float32Array.from({ length: inputs * outputs }, () => deviation * random.normal());
    return {
      kernel: tf.variable(tf.tensor2d(values, [inputs, outputs])),
      bias: tf.variable(tf.zeros<Rank.R1>([outputs])),
    };
  });
}

function namedStack(name: string, layers: readonly DenseParams[]): [string, Variable][] {
  return layers.flatMap(({ kernel, bias }, i): [string, Variable][] => [
    [`${name}.${i}.kernel`, kernel],
    [`${name}.${i}.bias`, bias],
  ]);
}
