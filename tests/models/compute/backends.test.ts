import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import * as tf from '@tensorflow/tfjs';

import { openDevice, probeDevices, type DeviceProbe } from '../../../models/compute/backends';
import { DEVICE_KINDS, type HostTensor } from '../../../models/compute/device';
import { expectClose, floats, ints } from '../../support/tensors';

describe('openDevice', () => {
  let probes: DeviceProbe[];

  beforeAll(async () => {
    probes = await probeDevices();
  });

  it('has a reason for every kind, in the order of the ladder', () => {
    expect(probes.map(({ kind }) => kind)).toEqual(DEVICE_KINDS);
    expect(probes.filter(({ why }) => why === '')).toEqual([]);
  });

  it('takes the best kind that works', async () => {
    const device = await openDevice({ backend: 'auto', threads: 1 });
    expect(device.kind).toBe(probes.find(({ works }) => works)!.kind);
    device.dispose();
  });

  it('says why the CPU is used so badly where ONNX Runtime does not load, such as on Alpine', async () => {
    const broken = () => {
      throw new Error('ld-linux-x86-64.so.2: no such file');
    };
    const told: string[] = [];
    await jest.isolateModulesAsync(async () => {
      jest.doMock('../../../models/compute/onnx/session', () => ({ loadRuntime: broken }));
      const { openDevice: open } = jest.requireActual<typeof import('../../../models/compute/backends')>(
        '../../../models/compute/backends',
      );
      (await open({ backend: 'auto', threads: 1, onSlow: (why) => told.push(why) })).dispose();
    });
    jest.dontMock('../../../models/compute/onnx/session');
    expect(told).toEqual(['onnx-cpu: ld-linux-x86-64.so.2: no such file']);
  });

  // A kind that this machine lacks is skipped, and the probe's reason is its message.
  it('computes the same on every kind that works', async () => {
    for (const { kind } of probes.filter(({ works }) => works)) {
      const device = await openDevice({ backend: kind, threads: 1 });
      const compiled = device.compile(({ x }) => ({ y: tf.softmax(x), large: tf.greaterEqual(x, 1) }), {
        name: 'both',
      });
      expectClose(await compiled.run({ x: floats([1, 3], 0, Math.log(2), Math.log(5)) }), {
        y: floats([1, 3], 1 / 8, 2 / 8, 5 / 8),
        large: ints([1, 3], 0, 0, 1),
      });
      device.dispose();
    }
  });

  it('works in threads that are stopped while they have a session', async () => {
    for (let i = 0; i < 2; i++) {
      const worker = new Worker(join(__dirname, '../../support/compute-worker.js'));
      worker.postMessage({ shape: [2], data: Float32Array.of(3, -4) });
      const [{ data }] = (await once(worker, 'message')) as [HostTensor];
      expect([...data]).toEqual([9, 16]);
      await worker.terminate(); // not during a run: ONNX Runtime would end the process
    }
  });
});
