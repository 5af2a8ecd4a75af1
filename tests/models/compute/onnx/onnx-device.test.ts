import * as tf from '@tensorflow/tfjs';
import type { Scalar, Tensor } from '@tensorflow/tfjs';

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

  describe('while it traces', () => {
    it('leaves the backend and the tensors of the process as they were, also after an error', async () => {
      const outer = tf.tensor1d([1, 2, 3]);
      const before = { backend: tf.getBackend(), numTensors: tf.memory().numTensors };
      await run(({ x }) => ({ y: tf.mul(x, outer) }), { x: floats([3], 1, 2, 3) });
      await expect(
        run(() => ({ y: tf.avgPool(tf.zeros<tf.Rank.R4>([1, 2, 2, 1]), 2, 1, 'valid') }), {}),
      ).rejects.toThrow();
      expect({ backend: tf.getBackend(), numTensors: tf.memory().numTensors }).toEqual(before);
      expect([...outer.dataSync()]).toEqual([1, 2, 3]);
      outer.dispose();
    });
  });

  describe('with constants and results', () => {
    it('takes tensors from outside the function as they are at the trace', async () => {
      const table = tf.tensor2d([1, 2, 3, 4], [2, 2]);
      const { y } = await run(({ x }) => ({ y: tf.gather(table, x) }), { x: ints([3], 1, 0, 1) });
      expect([...y.data]).toEqual([3, 4, 1, 2, 3, 4]);
      table.dispose();
    });

    it('returns inputs, constants and one value under several names', async () => {
      const fn: TensorFunction = ({ x }) => {
        const sum = tf.add(x, 1);
        return { input: x, constant: tf.ones([2]), sum, same: sum, reshaped: tf.reshape(sum, [2, 1]) };
      };
      const result = await run(fn, { x: floats([2], 1, 2) });
      expectClose(result, {
        input: floats([2], 1, 2),
        constant: floats([2], 1, 1),
        sum: floats([2], 2, 3),
        same: floats([2], 2, 3),
        reshaped: floats([2, 1], 2, 3),
      });
    });

    it('gives new arrays at every run', async () => {
      const compiled = compile(({ x }) => ({ y: tf.mul(x, 2) }));
      const first = await compiled.run({ x: floats([1], 1) });
      await compiled.run({ x: floats([1], 5) });
      expect(first.y.data[0]).toBe(2);
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

    it('keeps what was assigned from run to run', async () => {
      const total = counter();
      const compiled = compile(addTo(total));
      for (let i = 0; i < 3; i++) await compiled.run({ x: floats([2], 1, 10) });
      expect([...device.read(total)]).toEqual([3, 30]);
    });

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

    it('leaves tfjs with the variable as it was, and sees what is assigned there later', async () => {
      const total = counter();
      const compiled = compile(addTo(total));
      await compiled.run({ x: floats([2], 1, 1) });
      expect([...total.dataSync()]).toEqual([0, 0]);
      total.assign(tf.tensor1d([5, 5]));
      await compiled.run({ x: floats([2], 1, 1) });
      expect([...device.read(total)]).toEqual([6, 6]);
    });

    it('tells apart variables that were made of one tensor', async () => {
      const zeros = tf.zeros([1]);
      const [first, second] = [tf.variable(zeros), tf.variable(zeros)];
      const compiled = compile(() => {
        first.assign(tf.add(first, 1));
        second.assign(tf.sub(second, 1));
        return { product: tf.mul(first, second) };
      });
      await compiled.run({});
      const { product } = await compiled.run({});
      expect([product.data[0], device.read(first)[0], device.read(second)[0]]).toEqual([-4, 2, -2]);
      tf.dispose([zeros, first, second]);
    });

    it('swaps two variables', async () => {
      const [left, right] = [counter(), counter()];
      device.write(left, Float32Array.of(1, 1));
      device.write(right, Float32Array.of(2, 2));
      const swap = compile(() => {
        const kept = left.clone();
        left.assign(right);
        right.assign(kept);
        return { left };
      });
      const { left: seen } = await swap.run({});
      expect([seen.data[0], device.read(left)[0], device.read(right)[0]]).toEqual([2, 2, 1]);
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

    it('refuses what it cannot say without knowing them', async () => {
      const inputs = { x: floats([2, 1], 1, 2) };
      const freeExtents = { x: ['rows'] };
      const repeated: TensorFunction = ({ x }) => ({ y: tf.tile(tf.sum(x, 0, true), [x.shape[0], 1]) });
      await expect(compile(repeated, { freeExtents }).run(inputs)).rejects.toThrow(ShapeError);
      const doubled: TensorFunction = ({ x }) => ({ y: tf.reshape(tf.concat([x, x]), [2 * x.shape[0], 1, 1]) });
      expect((await compile(doubled, { freeExtents }).run(inputs)).y.shape).toEqual([4, 1, 1]);
      const square: TensorFunction = ({ x }) => {
        const products = tf.matMul(tf.concat([x, x]), x, false, true);
        return { y: tf.reshape(tf.expandDims(products), [1, 2 * x.shape[0], 1, x.shape[0], 1]) };
      };
      expect((await compile(square, { freeExtents }).run(inputs)).y.shape).toEqual([1, 4, 1, 2, 1]);
      const cube: TensorFunction = ({ x }) => {
        const products = tf.matMul(tf.concat([x, x]), tf.concat([x, x]), false, true);
        return { y: tf.expandDims(products) };
      };
      await expect(compile(cube, { freeExtents }).run(inputs)).rejects.toThrow(ShapeError);
    });
  });

  describe('in training', () => {
    const BATCH = 16;

    it('follows tfjs over 20 steps of Adam', async () => {
      const reference = await openDevice({ backend: 'tfjs-cpu', threads: 1 });
      const [here, there] = [new Perceptron(device), new Perceptron(reference)];
      for (let step = 1; step <= 20; step++) {
        const inputs = here.inputs(step);
        expectClose(await here.step(inputs), await there.step(inputs), 1e-4);
      }
      for (const [index, values] of here.values().entries()) {
        expectClose({ weight: values }, { weight: there.values()[index] }, 1e-4);
      }
      here.dispose();
      there.dispose();
    });

    it('takes a new dropout mask at every step', async () => {
      const drop = compile(({ x, noise }) => ({ y: tf.mul(x, tf.cast(tf.greaterEqual(noise, 0.5), 'float32')) }));
      const random = seededRandom(5);
      const x = floats([BATCH], ...Array<number>(BATCH).fill(1));
      const masks = [];
      for (let i = 0; i < 2; i++)
        masks.push([...(await drop.run({ x, noise: randomFloats(random, [BATCH], 0, 1) })).y.data]);
      expect(masks[0]).not.toEqual(masks[1]);
      expect(new Set(masks.flat())).toEqual(new Set([0, 1]));
    });

    /** Two layers, mean squared error, Adam in plain operations with its moments as variables. */
    class Perceptron {
      private readonly weights = [this.normal(1, [6, 8]), this.normal(2, [8]), this.normal(3, [8, 2])];
      private readonly moments = this.weights.map((weight) => [
        tf.variable(tf.zeros(weight.shape)),
        tf.variable(tf.zeros(weight.shape)),
      ]);
      private readonly device: Device;
      private readonly compiled;

      constructor(on: Device) {
        this.device = on;
        this.compiled = on.compile((inputs) => this.update(inputs), { name: 'perceptron' });
      }

      inputs(step: number): HostTensors {
        const random = seededRandom(100 + step);
        return {
          x: randomFloats(random, [BATCH, 6]),
          y: randomFloats(random, [BATCH, 2]),
          step: floats([], step),
        };
      }

      step(inputs: HostTensors): Promise<HostTensors> {
        return this.compiled.run(inputs);
      }

      values() {
        const variables = [...this.weights, ...this.moments.flat()];
        return variables.map((variable) => ({ shape: variable.shape, data: this.device.read(variable) }));
      }

      dispose(): void {
        this.compiled.dispose();
        tf.dispose([this.weights, this.moments]);
      }

      private normal(seed: number, shape: number[]): tf.Variable {
        return tf.variable(tf.tensor(randomFloats(seededRandom(seed), shape, -0.5, 0.5).data, shape));
      }

      private update({ x, y, step }: Record<string, Tensor>): Record<string, Tensor> {
        const [hidden, bias, output] = this.weights;
        const loss = () => {
          const activations = tf.relu(tf.add(tf.matMul(x as tf.Tensor2D, hidden as tf.Tensor2D), bias));
          return tf.mean(tf.square(tf.sub(tf.matMul(activations as tf.Tensor2D, output as tf.Tensor2D), y))) as Scalar;
        };
        const { value, grads } = tf.variableGrads(loss, this.weights);
        this.weights.forEach((weight, index) => this.move(weight, this.moments[index], grads[weight.name], step));
        return { loss: value };
      }

      private move(weight: tf.Variable, [first, second]: tf.Variable[], gradient: Tensor, step: Tensor): void {
        first.assign(tf.add(tf.mul(first, 0.9), tf.mul(gradient, 0.1)));
        second.assign(tf.add(tf.mul(second, 0.999), tf.mul(tf.square(gradient), 0.001)));
        const unbiasedFirst = tf.div(first, tf.sub(1, tf.pow(0.9, step)));
        const unbiasedSecond = tf.div(second, tf.sub(1, tf.pow(0.999, step)));
        weight.assign(tf.sub(weight, tf.div(tf.mul(unbiasedFirst, 0.01), tf.add(tf.sqrt(unbiasedSecond), 1e-8))));
      }
    }
  });
});
