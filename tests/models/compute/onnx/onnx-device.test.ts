import * as tf from '@tensorflow/tfjs';

import { openDevice } from '../../../../models/compute/backends';
import type { Device, HostTensors, TensorFunction } from '../../../../models/compute/device';
import { ShapeError } from '../../../../models/compute/errors';
import { expectClose, floats, ints, randomFloats, randomInts, seededRandom } from '../../../support/tensors';

describe('OnnxDevice', () => {
  let device: Device;

  beforeAll(async () => {
    device = await openDevice({ backend: 'onnx-cpu', threads: 2 });
  });

  afterAll(() => device.dispose());

  const compile = (fn: TensorFunction, options = {}) => device.compile(fn, { name: 'test', ...options });
  const run = (fn: TensorFunction, inputs: HostTensors) => compile(fn).run(inputs);

  describe('with constants and results', () => {
    it('takes tensors from outside the function as they are at the trace', async () => {
      const table = tf.tensor2d([1, 2, 3, 4], [2, 2]);
      const { y } = await run(({ x }) => ({ y: tf.gather(table, x) }), { x: ints([3], 1, 0, 1) });
      expect([...y.data]).toEqual([3, 4, 1, 2, 3, 4]);
      table.dispose();
    });

    it('adds up all rows of one segment, whatever the number of threads', async () => {
      const random = seededRandom(3);
      const inputs = { x: randomFloats(random, [4000, 64], 0, 1), ids: randomInts(random, [4000], 0, 3) };
      const fn: TensorFunction = ({ x, ids }) => ({ y: tf.unsortedSegmentSum(x, ids as tf.Tensor1D, 3) });
      const expected = new Float64Array(3 * 64);
      inputs.x.data.forEach((value, at) => {
        expected[inputs.ids.data[Math.floor(at / 64)] * 64 + (at % 64)] += value;
      });
      const compiled = compile(fn);
      for (let repeat = 0; repeat < 20; repeat++) {
        expectClose(await compiled.run(inputs), { y: floats([3, 64], ...expected) });
      }
    });
  });

  describe('with variables', () => {
    const counters: tf.Variable[] = [];
    const counter = () => {
      const variable = tf.variable(tf.zeros([2]));
      counters.push(variable);
      return variable;
    };

    afterAll(() => tf.dispose(counters));

    const addTo = (variable: tf.Variable): TensorFunction => {
      return ({ x }) => {
        variable.assign(tf.add(variable, x));
        return { sum: tf.mul(variable, 1) };
      };
    };

    it('shares them between compiled functions, and with read and write', async () => {
      const total = counter();
      const [one, other] = [compile(addTo(total)), compile(addTo(total))];
      await one.run({ x: floats([2], 1, 1) });
      device.write(total, Float32Array.of(10, 20));
      await other.run({ x: floats([2], 2, 2) });
      const { sum } = await one.run({ x: floats([1], 3) });
      expect([...sum.data]).toEqual([15, 25]);
      expect(() => device.write(total, Float32Array.of(1))).toThrow(ShapeError);
    });

    it('keeps every value when a run fails', async () => {
      const total = counter();
      const compiled = compile(({ index }) => {
        total.assign(tf.add(total, 1));
        return { y: tf.gather(tf.tensor1d([1, 2]), index) };
      });
      await compiled.run({ index: ints([1], 0) });
      await expect(compiled.run({ index: ints([1], 7) })).rejects.toThrow();
      expect([...device.read(total)]).toEqual([1, 1]);
    });

    it('keeps runs that are started at once apart', async () => {
      const total = counter();
      const compiled = compile(addTo(total));
      await Promise.all(Array.from({ length: 10 }, () => compiled.run({ x: floats([2], 1, 2) })));
      expect([...device.read(total)]).toEqual([10, 20]);
    });

    it('builds the values of the first run into a frozen function', async () => {
      const weight = counter();
      device.write(weight, Float32Array.of(1, 2));
      const frozen = compile(({ x }) => ({ y: tf.mul(x, weight) }), { frozen: true });
      await frozen.run({ x: floats([2], 1, 1) });
      device.write(weight, Float32Array.of(7, 7));
      const { y } = await frozen.run({ x: floats([2], 1, 1) });
      expect([...y.data]).toEqual([1, 2]);
    });
  });

  describe('with free extents', () => {
    /** Splits the rows of x, which are the users' beams, by users, so that each has its own y. */
    const byUser: TensorFunction = ({ x, y }) => {
      const [users, size] = y.shape as [number, number];
      const beams = tf.reshape(x, [users, x.shape[0] / users, size]);
      const scores = tf.relu(tf.matMul(beams, tf.expandDims(y, 2))); // → [users, beams, 1]
      return { scores, rows: tf.reshape(tf.add(beams, tf.expandDims(y, 1)), [-1, size]), best: tf.max(scores, 1) };
    };
    const flat: TensorFunction = ({ x, y }) => byUser({ x: tf.reshape(x, [-1, y.shape[1]!]), y });

    it('compiles once, whatever they are', async () => {
      let traces = 0;
      const counted: TensorFunction = (inputs) => {
        traces++;
        return flat(inputs);
      };
      const compiled = compile(counted, { freeExtents: { x: ['users', 'beams'], y: ['users'] } });
      const reference = await openDevice({ backend: 'tfjs-cpu', threads: 1 });
      const random = seededRandom(5);
      for (const [users, beams] of [
        [1, 1],
        [3, 2],
        [2, 20],
        [16, 1],
      ]) {
        const inputs = { x: randomFloats(random, [users, beams, 3]), y: randomFloats(random, [users, 3]) };
        expectClose(await compiled.run(inputs), await reference.compile(flat, { name: 'reference' }).run(inputs));
      }
      expect(traces).toBe(1);
      reference.dispose();
    });

    it('does not take another extent for a free one, whatever its size', async () => {
      const size = 100_003;
      const x = { shape: [1], data: Float32Array.of(2) };
      const repeated: TensorFunction = ({ x }) => ({ y: tf.tile(x, [size]) });
      expect((await compile(repeated).run({ x })).y.data).toEqual(new Float32Array(size).fill(2));
    });
  });
});
