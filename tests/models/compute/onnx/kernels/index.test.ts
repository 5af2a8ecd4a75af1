import * as tf from '@tensorflow/tfjs';

import { openDevice } from '../../../../../models/compute/backends';
import type { Device, TensorFunction } from '../../../../../models/compute/device';
import { UnsupportedKernelError } from '../../../../../models/compute/errors';
import { tracingBackend } from '../../../../../models/compute/onnx/kernels/index';
import { floats } from '../../../../support/tensors';

describe('tracingBackend', () => {
  let device: Device;
  beforeAll(async () => (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));
  afterAll(() => device.dispose());

  const run = (fn: TensorFunction) => device.compile(fn, { name: 'test' }).run({ x: floats([1, 2, 2, 1], 1, 2, 3, 4) });

  it('is one in the process, and tfjs never chooses it by itself', () => {
    expect(tracingBackend()).toBe(tracingBackend());
    expect(tf.getBackend()).not.toBe('tigerql-tracing');
  });

  it('names an operation of tfjs that has no rule', async () => {
    const traced = run(({ x }) => ({ y: tf.avgPool(x as tf.Tensor4D, 2, 1, 'valid') }));
    await expect(traced).rejects.toThrow(UnsupportedKernelError);
    await expect(traced).rejects.toThrow(/AvgPool.*tigerql-tracing/);
  });

  it('passes over inputs that an operation may be without', async () => {
    const { y } = await run(({ x }) => ({ y: tf.addN([tf.sum(x), tf.mean(x)]) }));
    expect([...y.data]).toEqual([12.5]);
  });
});
