/** One update of an RQ-VAE, as functions that a device can compile. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';

import type { Compiled, Device } from '../compute/device';
import { assignCodes } from '../semantic-id/quantizer';
import { type RqvaeParams, autoencoderLoss, encode, networkVariables, rqvaeLoss } from '../semantic-id/rqvae';
import { type AdamW, createAdamW } from './adamw';
import { variableGrads } from './gradients';

/** There are two, because the codebooks start later and count their own steps. */
export interface RqvaeOptimisers {
  readonly network: AdamW;
  readonly codebooks: AdamW;
}

export function createRqvaeOptimisers(params: RqvaeParams, weightDecay: number): RqvaeOptimisers {
  return {
    network: createAdamW(networkVariables(params), { weightDecay }),
    codebooks: createAdamW(params.codebooks, { weightDecay }),
  };
}

export interface CompiledRqvae {
  readonly warmUp: Compiled;
  readonly step: Compiled;
  /** `x` float32 `[B, F]` → `latents` float32 `[B, D]`. */
  readonly encode: Compiled;
}

export function compileRqvae(
  device: Device,
  params: RqvaeParams,
  optimisers: RqvaeOptimisers,
  commitmentCost: number,
): CompiledRqvae {
  return {
    warmUp: device.compile((inputs) => warmUpStep(params, optimisers, inputs), { name: 'rqvae-warm-up' }),
    step: device.compile((inputs) => rqvaeStep(params, optimisers, commitmentCost, inputs), {
      name: 'rqvae-step',
    }),
    encode: device.compile(({ x }) => ({ latents: encode(params, x as Tensor2D) }), { name: 'rqvae-encode' }),
  };
}

/**
 * One update of encoder and decoder alone, without quantisation.
 *
 * @param inputs - `x` float32 `[B, F]`; `learningRate` and `step` float32 scalars.
 * @returns `loss` and `gradientNorm`, float32 scalars.
 */
export function warmUpStep(
  params: RqvaeParams,
  { network }: RqvaeOptimisers,
  inputs: Record<string, Tensor>,
): Record<string, Tensor> {
  const variables = networkVariables(params);
  const { value, grads } = variableGrads(() => autoencoderLoss(params, inputs.x as Tensor2D), variables);
  const gradients = variables.map((variable) => grads[variable.name]);
  const gradientNorm = network.update(gradients, inputs.learningRate as Scalar, inputs.step as Scalar);
  return { loss: value, gradientNorm };
}

/**
 * One update by the whole loss: chooses codes, then computes the gradients for them.
 *
 * @param inputs - As for `warmUpStep`, and `codebookStep`, a float32 scalar.
 * @returns `loss` and the `gradientNorm` of encoder and decoder, float32 scalars; `codes` int32 `[B, L]`.
 */
export function rqvaeStep(
  params: RqvaeParams,
  { network, codebooks }: RqvaeOptimisers,
  commitmentCost: number,
  inputs: Record<string, Tensor>,
): Record<string, Tensor> {
  const x = inputs.x as Tensor2D;
  const codes = assignCodes(encode(params, x), params.codebooks);
  const variables = [...networkVariables(params), ...params.codebooks];
  const { value, grads } = variableGrads(() => rqvaeLoss(params, x, codes, commitmentCost), variables);
  const gradientsOf = (part: readonly tf.Variable[]) => part.map((variable) => grads[variable.name]);
  const learningRate = inputs.learningRate as Scalar;
  const gradientNorm = network.update(gradientsOf(networkVariables(params)), learningRate, inputs.step as Scalar);
  codebooks.update(gradientsOf(params.codebooks), learningRate, inputs.codebookStep as Scalar);
  return { loss: value, gradientNorm, codes };
}
