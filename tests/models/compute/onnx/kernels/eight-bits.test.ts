import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import { openDevice } from '../../../../../models/compute/backends';
import type { Device, HostTensor, TensorFunction } from '../../../../../models/compute/device';
import { eightBitTable } from '../../../../../models/compute/onnx/kernels/eight-bits';
import { variableOf } from '../../../../../models/compute/variables';
import { createRandom } from '../../../../../models/math/random';
import { Rows } from '../../../../../models/math/rows';
import { rmsNorm } from '../../../../../models/seq2seq/blocks';

const random = createRandom(1);
const normal = (...shape: number[]): HostTensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
});

describe('eightBitProduct', () => {
  let device: Device;
  const [gain, up, down, levels] = [normal(128), normal(128, 192), normal(192, 32), normal(3, 128, 40)].map(variableOf);

  beforeAll(async () => (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));
  afterAll(() => device.dispose());

  const product = (x: tf.Tensor, weights: tf.Tensor) => tf.matMul(x as Tensor2D, weights as Tensor2D);
  const feedForward: TensorFunction = ({ x }) => ({ y: product(tf.relu(product(rmsNorm(x, gain), up)), down) });
  const ofLevel: TensorFunction = ({ x, level }) => ({
    y: product(rmsNorm(x, gain), tf.reshape(tf.gather(levels, level), [128, 40])),
  });

  function compile(fn: TensorFunction, eightBits: boolean) {
    return device.compile(fn, { name: 'product', frozen: true, eightBits, freeExtents: { x: ['rows'] } });
  }

  /** @returns Root mean square of the differences, over that of the floats. */
  async function errorOf(fn: TensorFunction, inputs: Record<string, HostTensor>): Promise<number> {
    const [exact, rounded] = await Promise.all([false, true].map((bits) => compile(fn, bits).run(inputs)));
    const square = (values: Iterable<number>) => Array.from(values).reduce((sum, value) => sum + value * value, 0);
    const differences = exact.y.data.map((value, i) => value - rounded.y.data[i]);
    return Math.sqrt(square(differences) / square(exact.y.data));
  }

  it('keeps a feed-forward block to a few percent, and what one level of several writes', async () => {
    expect(await errorOf(feedForward, { x: normal(20, 128) })).toBeLessThan(0.05);
    for (const level of [0, 1, 2])
      expect(
        await errorOf(ofLevel, { x: normal(20, 128), level: { shape: [1], data: Int32Array.of(level) } }),
      ).toBeLessThan(0.05);
  });

  it('computes a row alone as it does among others', async () => {
    const x = normal(20, 128);
    const compiled = compile(feedForward, true);
    const all = new Rows((await compiled.run({ x })).y.data as Float32Array, 32);
    const alone = await compiled.run({ x: { shape: [1, 128], data: x.data.slice(5 * 128, 6 * 128) } });
    expect(alone.y.data).toEqual(all.row(5).slice());
  });
});

describe('eightBitTable', () => {
  it('keeps every number to half a step of the largest of its block', () => {
    const tables = fc
      .record({ rows: fc.integer({ min: 1, max: 4 }), width: fc.integer({ min: 1, max: 150 }) })
      .chain(({ rows, width }) =>
        fc.record({
          width: fc.constant(width),
          floats: fc.float32Array({
            minLength: rows * width,
            maxLength: rows * width,
            noNaN: true,
            min: -1e6,
            max: 1e6,
          }),
        }),
      );
    fc.assert(
      fc.property(tables, ({ width, floats }) => {
        const { values, scales, blockSize } = eightBitTable([new Rows(floats, width)]);
        const blocks = Math.ceil(width / blockSize);
        expect(values).toHaveLength((floats.length / width) * blocks * blockSize);
        floats.forEach((x, i) => {
          const [row, column] = [Math.floor(i / width), i % width];
          const scale = scales[row * blocks + Math.floor(column / blockSize)];
          const kept = (values[row * blocks * blockSize + column] - 128) * scale;
          expect(Math.abs(kept - x)).toBeLessThanOrEqual(scale * 0.501 + 2 ** -126);
        });
      }),
    );
  });

  it('fills rows up with zeros, and keeps a row of zeros', () => {
    const { values, scales, blockSize } = eightBitTable([new Rows(Float32Array.of(0, 0, -2, 1), 2)]);
    expect(scales).toEqual(Float32Array.of(0, 2 / 127));
    expect([...values.subarray(0, blockSize)]).toEqual(Array(blockSize).fill(128));
    expect([...values.subarray(blockSize)]).toEqual([1, 192, ...Array<number>(blockSize - 2).fill(128)]);
  });
});
