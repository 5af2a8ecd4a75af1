import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';

import { openDevice } from '../../../models/compute/backends';
import type { Device, HostTensors, TensorFunction } from '../../../models/compute/device';
import { expectClose, seededRandom } from '../../support/tensors';
import { OPERATOR_CASES, type OperatorCase } from './operator-cases';

const SEEDS = [1, 2];

describe('traced operations', () => {
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

  it.each(OPERATOR_CASES.map((operatorCase) => [operatorCase.name, operatorCase] as const))(
    'gives the values of tfjs for %s',
    async (_name, operatorCase) => {
      await compareOnBoth(operatorCase, (inputs) => toRecord(operatorCase.compute(...Object.values(inputs))));
    },
  );

  it.each(OPERATOR_CASES.filter((operatorCase) => operatorCase.differentiable).map((c) => [c.name, c] as const))(
    'gives the gradients of tfjs for %s',
    async (_name, operatorCase) => {
      await compareOnBoth(operatorCase, (inputs) => gradients(operatorCase, inputs));
    },
  );

  async function compareOnBoth(operatorCase: OperatorCase, fn: TensorFunction): Promise<void> {
    const compiled = traced.compile(fn, { name: operatorCase.name });
    const expected = reference.compile(fn, { name: operatorCase.name });
    for (const seed of SEEDS) {
      const values = operatorCase.inputs(seededRandom(seed));
      const inputs: HostTensors = Object.fromEntries(values.map((value, index) => [`input${index}`, value]));
      expectClose(await compiled.run(inputs), await expected.run(inputs));
    }
    compiled.dispose();
  }
});

function toRecord(outputs: Tensor | Tensor[]): Record<string, Tensor> {
  return Object.fromEntries([outputs].flat().map((output, index) => [`output${index}`, output]));
}

/** Of Σ output · weight with weights that differ from place to place, so that no gradient is a mere sum. */
function gradients({ compute }: OperatorCase, inputs: Record<string, Tensor>): Record<string, Tensor> {
  const names = Object.keys(inputs).filter((name) => inputs[name].dtype === 'float32');
  const weighted = (output: Tensor) => {
    const weights = tf.reshape(tf.sin(tf.range(0, output.size)), output.shape);
    return tf.sum(tf.mul(output, weights));
  };
  const score = (...variables: Tensor[]) => {
    const all = { ...inputs, ...Object.fromEntries(names.map((name, index) => [name, variables[index]])) };
    return tf.addN([compute(...Object.values(all))].flat().map(weighted));
  };
  const found = tf.grads(score)(names.map((name) => inputs[name]));
  return Object.fromEntries(names.map((name, index) => [name, found[index]]));
}
