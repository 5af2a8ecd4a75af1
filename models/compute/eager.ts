/** A device that calls functions directly on a tfjs backend; tfjs itself holds the variables. */
import * as tf from '@tensorflow/tfjs-core';

import type { RowSource } from '../math/rows';
import { dtypeOf } from './compile';
import type { Adoptable, Compiled, Device, DeviceKind, HostTensor, HostTensors, TensorFunction } from './device';
import { withBackend } from './tfjs-backend';
import { checkSize, rowsOf, valuesOf } from './variables';

export class EagerDevice implements Device {
  /** @param backendName - A tfjs backend that has been started. */
  constructor(
    readonly kind: DeviceKind,
    readonly description: string,
    private readonly backendName: string,
  ) {}

  compile(fn: TensorFunction): Compiled {
    return {
      run: async (inputs) => withBackend(this.backendName, () => runEagerly(fn, inputs)),
      dispose: () => undefined,
    };
  }

  read(variable: tf.Variable): HostTensor['data'] {
    return variable.dataSync<'float32' | 'int32'>().slice();
  }

  rows(variable: tf.Variable): RowSource {
    return rowsOf(variable, variable.dataSync<'float32' | 'int32'>());
  }

  write(variable: tf.Variable, values: Adoptable): void {
    checkSize(variable, values);
    const copy = valuesOf(values).slice(); // tfjs's engines have memory of their own
    withBackend(this.backendName, () =>
      tf.tidy(() => variable.assign(tf.tensor(copy, variable.shape, variable.dtype))),
    );
  }

  dispose(): void {}
}

function runEagerly(fn: TensorFunction, inputs: HostTensors): HostTensors {
  const results: Record<string, HostTensor> = {};
  tf.tidy(() => {
    const tensors = Object.entries(inputs).map(([key, input]) => {
      return [key, tf.tensor(input.data, [...input.shape], dtypeOf(input))] as const;
    });
    for (const [key, tensor] of Object.entries(fn(Object.fromEntries(tensors)))) results[key] = toHost(tensor);
  });
  return results;
}

/** Booleans are returned as 0 and 1. tfjs-cpu may keep numbers in an array of another type than the tensor's. */
function toHost(tensor: tf.Tensor): HostTensor {
  const values = tensor.dataSync();
  return {
    shape: tensor.shape,
    data: tensor.dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values),
  };
}
