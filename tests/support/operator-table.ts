/** Compares an operation of the traced device with tfjs's own, value and gradient, for each row of a table. */
import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';

import { openDevice } from '../../models/compute/backends';
import type { Device, HostTensor, HostTensors, TensorFunction } from '../../models/compute/device';
import { expectClose, randomFloats, randomInts, seededRandom } from './tensors';

export type Random = () => number;

export interface OperatorCase {
  readonly name: string;
  /** Inputs in the order in which `compute` takes them; float32 ones are differentiated. */
  readonly inputs: (random: Random) => HostTensor[];
  readonly compute: (...inputs: Tensor[]) => Tensor | Tensor[];
  readonly differentiable: boolean;
}

const uniform =
  (shapes: readonly (readonly number[])[], low?: number, high?: number) =>
  (random: Random): HostTensor[] =>
    shapes.map((shape) => randomFloats(random, shape, low, high));

export function smooth(name: string, inputs: OperatorCase['inputs'], compute: OperatorCase['compute']): OperatorCase {
  return { name, inputs, compute, differentiable: true };
}

export function discrete(name: string, inputs: OperatorCase['inputs'], compute: OperatorCase['compute']): OperatorCase {
  return { ...smooth(name, inputs, compute), differentiable: false };
}

export const reals = (...shapes: number[][]) => uniform(shapes);
export const positive = (...shapes: number[][]) => uniform(shapes, 0.2, 3);
export const integers =
  (low: number, high: number, ...shapes: number[][]) =>
  (random: Random) =>
    shapes.map((shape) => randomInts(random, shape, low, high));
/** Whole numbers from a small range, so that comparisons meet equal ones. */
export const roundNumbers =
  (...shapes: number[][]) =>
  (random: Random) =>
    shapes.map((shape) => ({ shape, data: Float32Array.from(randomInts(random, shape, -2, 3).data) }));

const SEEDS = [1, 2];

/** Makes the tests of the cases. Call it within a `describe`. */
export function compareWithTfjs(cases: readonly OperatorCase[]): void {
  let traced: Device;
  let reference: Device;

  beforeAll(async () => {
    traced = await openDevice({ backend: 'onnx-cpu', threads: 2 });
    reference = await openDevice({ backend: 'tfjs-cpu', threads: 1 });
  });

  afterAll(() => {
    traced.dispose();
    reference.dispose();
  });

  it.each(named(cases))('give the values of tfjs for %s', async (_name, operatorCase) => {
    await compare(operatorCase, (inputs) => toRecord(operatorCase.compute(...Object.values(inputs))));
  });

  const smoothCases = cases.filter(({ differentiable }) => differentiable);
  if (smoothCases.length > 0)
    it.each(named(smoothCases))('give the gradients of tfjs for %s', async (_name, operatorCase) => {
      await compare(operatorCase, (inputs) => gradients(operatorCase, inputs));
    });

  async function compare(operatorCase: OperatorCase, fn: TensorFunction): Promise<void> {
    const compiled = traced.compile(fn, { name: operatorCase.name });
    const expected = reference.compile(fn, { name: operatorCase.name });
    for (const seed of SEEDS) {
      const values = operatorCase.inputs(seededRandom(seed));
      const inputs: HostTensors = Object.fromEntries(values.map((value, index) => [`input${index}`, value]));
      expectClose(await compiled.run(inputs), await expected.run(inputs));
    }
    compiled.dispose();
  }
}

function named(cases: readonly OperatorCase[]): [string, OperatorCase][] {
  return cases.map((operatorCase) => [operatorCase.name, operatorCase]);
}

function toRecord(outputs: Tensor | Tensor[]): Record<string, Tensor> {
  return Object.fromEntries([outputs].flat().map((output, index) => [`output${index}`, output]));
}

/** Gradients of Σ output · weight, with weights that differ from place to place, so that no gradient is a mere sum. */
function gradients({ compute }: OperatorCase, inputs: Record<string, Tensor>): Record<string, Tensor> {
  const names = Object.keys(inputs).filter((name) => inputs[name].dtype === 'float32');
  const weighted = (output: Tensor) => {
    const weights = tf.tensor(
      Float32Array.from({ length: output.size }, (_, i) => Math.sin(i)),
      output.shape,
    );
    return tf.sum(tf.mul(output, weights));
  };
  const score = (...variables: Tensor[]) => {
    const all = { ...inputs, ...Object.fromEntries(names.map((name, index) => [name, variables[index]])) };
    return tf.addN([compute(...Object.values(all))].flat().map(weighted));
  };
  const found = tf.grads(score)(names.map((name) => inputs[name]));
  return Object.fromEntries(names.map((name, index) => [name, found[index]]));
}
