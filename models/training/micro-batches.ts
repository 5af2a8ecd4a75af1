/**
 * A training step in pieces that fit into memory. The gradients of all pieces are summed, then the optimiser updates once. The
 * update is the same as in one piece, up to rounding; the memory needed is that of one piece.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';

import { type Compiled, type Device, hostScalar, type HostTensor, type HostTensors } from '../compute/device';
import type { AdamW } from './adamw';
import { variableGrads } from './gradients';
import type { StepOutcome } from './phase-state';

export interface MicroBatchOptions {
  readonly name: string;
  readonly variables: readonly Variable[];
  readonly adamw: AdamW;
  /**
   * Mean loss of a piece over its weights.
   *
   * @param inputs - The step's inputs, cut to the piece's rows.
   */
  readonly loss: (inputs: Record<string, Tensor>) => Tensor;
  /** A divisor of the batch's rows. */
  readonly pieces: number;
}

export interface MicroBatchStep {
  /**
   * @param batch - Each tensor is cut along its first axis; `weights`, float32 `[B, …]`, is the weight of each row.
   * @param shared - The same for every piece, such as noise.
   * @returns The batch's mean loss, and the norm of its gradients.
   */
  run(batch: HostTensors, shared: HostTensors, learningRate: number, step: number): Promise<StepOutcome>;
  dispose(): void;
}

export function openMicroBatchStep(device: Device, options: MicroBatchOptions): MicroBatchStep {
  const sums = tf.tidy(() => options.variables.map((variable) => tf.variable(tf.zeros(variable.shape), false)));
  const accumulate = device.compile((inputs) => addGradients(options, sums, inputs), {
    name: `${options.name}-accumulate`,
    maxShapes: 16,
  });
  const apply = device.compile(
    ({ learningRate, step }) => ({
      gradientNorm: options.adamw.update(sums, learningRate as Scalar, step as Scalar),
    }),
    { name: `${options.name}-apply` },
  );
  return {
    async run(batch, shared, learningRate, step) {
      const loss = await sumPieces(accumulate, options.pieces, batch, shared);
      const { gradientNorm } = await apply.run({ learningRate: hostScalar(learningRate), step: hostScalar(step) });
      return { loss, gradientNorm: gradientNorm.data[0] };
    },
    dispose() {
      for (const compiled of [accumulate, apply]) compiled.dispose();
      for (const sum of sums) sum.dispose();
    },
  };
}

/** @param inputs - A piece's, and the scalars `share` (of the batch's weights) and `keep` (0 for the first piece, else 1). */
function addGradients(
  { variables, loss }: MicroBatchOptions,
  sums: readonly Variable[],
  { share, keep, ...inputs }: Record<string, Tensor>,
): Record<string, Tensor> {
  const { value, grads } = variableGrads(() => tf.mul(loss(inputs), share) as Scalar, [...variables]);
  sums.forEach((sum, i) => sum.assign(tf.add(tf.mul(sum, keep), grads[variables[i].name])));
  return { loss: value };
}

/** A piece with padding only is left out: its mean would be 0 / 0. */
async function sumPieces(
  accumulate: Compiled,
  pieces: number,
  batch: HostTensors,
  shared: HostTensors,
): Promise<number> {
  const total = sumOf(batch.weights);
  const rows = batch.weights.shape[0] / pieces;
  let loss: number | null = null;
  for (let from = 0; from < batch.weights.shape[0]; from += rows) {
    const piece = cut(batch, from, rows);
    const share = sumOf(piece.weights) / total;
    if (share === 0) continue;
    const scalars = { share: hostScalar(share), keep: hostScalar(loss === null ? 0 : 1) };
    const outputs = await accumulate.run({ ...piece, ...shared, ...scalars });
    loss = (loss ?? 0) + outputs.loss.data[0];
  }
  return loss ?? 0;
}

function cut(batch: HostTensors, from: number, rows: number): HostTensors {
  const entries = Object.entries(batch).map(([name, { shape, data }]): [string, HostTensor] => {
    const stride = data.length / shape[0];
    return [name, { shape: [rows, ...shape.slice(1)], data: data.subarray(from * stride, (from + rows) * stride) }];
  });
  return Object.fromEntries(entries);
}

function sumOf({ data }: HostTensor): number {
  let sum = 0;
  for (const value of data) sum += value;
  return sum;
}
