import * as tf from '@tensorflow/tfjs';

import { openDevice } from '../../../models/compute/backends';
import { ShapeError } from '../../../models/compute/errors';
import { floats } from '../../support/tensors';

describe('EagerDevice', () => {
  it('keeps variables in tfjs', async () => {
    const device = await openDevice({ backend: 'tfjs-cpu', threads: 1 });
    const total = tf.variable(tf.tensor1d([1, 2]));
    const add = device.compile(
      ({ x }) => {
        total.assign(tf.add(total, x));
        return {};
      },
      { name: 'add' },
    );
    await add.run({ x: floats([2], 1, 1) });
    expect([...total.dataSync()]).toEqual([2, 3]);
    device.write(total, Float32Array.of(5, 6));
    await add.run({ x: floats([2], 1, 1) });
    expect([...device.read(total)]).toEqual([6, 7]);
    expect(() => device.write(total, Float32Array.of(1))).toThrow(ShapeError);
    total.dispose();
  });

  it('leaves no tensors behind', async () => {
    const device = await openDevice({ backend: 'tfjs-cpu', threads: 1 });
    const compiled = device.compile(({ x }) => ({ y: tf.mul(tf.add(x, 1), 2) }), { name: 'tidy' });
    const before = tf.memory().numTensors;
    await compiled.run({ x: floats([2], 1, 1) });
    expect(tf.memory().numTensors).toBe(before);
  });
});
