import * as tf from '@tensorflow/tfjs';

import { HostReadError } from '../../../../models/compute/errors';
import { traceFunction } from '../../../../models/compute/onnx/trace';

const spec = (...shape: number[]) => ({ shape, dtype: 'float32' as const });
const OPTIONS = { name: 'test', frozenValues: null };
const frozen = { name: 'test', frozenValues: (variable: tf.Variable) => variable.dataSync<'float32'>() };

describe('traceFunction', () => {
  let variable: tf.Variable;
  beforeEach(async () => {
    await tf.setBackend('cpu');
    variable = tf.variable(tf.tensor1d([1, 2]), true, `v${Math.random()}`);
  });
  afterEach(() => variable.dispose());

  it('names the inputs that the outputs depend on, and no others', () => {
    const model = traceFunction(({ x }) => ({ y: tf.mul(x, 2) }), { x: spec(2), unused: spec(3) }, OPTIONS);
    expect(model.inputs.map(({ key }) => key)).toEqual(['x']);
    expect(model.outputs).toMatchObject([{ key: 'y' }]);
    expect([model.reads, model.writes]).toEqual([[], []]);
  });

  it('reads a variable once, and writes what is assigned, but leaves the variable as it was', () => {
    const step = ({ x }: Record<string, tf.Tensor>) => {
      const y = tf.add(variable, tf.mul(variable, x));
      variable.assign(y);
      return { y };
    };
    const model = traceFunction(step, { x: spec(2) }, OPTIONS);
    expect(model.reads.map((port) => port.variable)).toEqual([variable]);
    expect(model.writes.map((port) => port.variable)).toEqual([variable]);
    expect(new Set([...model.outputs, ...model.writes].map(({ name }) => name)).size).toBe(2);
    expect([...variable.dataSync()]).toEqual([1, 2]);
  });

  it('refuses an assignment in a frozen function, and undoes it', () => {
    const fn = ({ x }: Record<string, tf.Tensor>) => {
      variable.assign(tf.mul(variable, x));
      return { y: x };
    };
    expect(() => traceFunction(fn, { x: spec(2) }, frozen)).toThrow(
      `expected no assignment in a frozen function, got some to ${variable.name}`,
    );
    expect([...variable.dataSync()]).toEqual([1, 2]);
  });

  it('refuses a function that reads what is computed only later, not one that reads constants', () => {
    const reads = ({ x }: Record<string, tf.Tensor>) => ({ y: tf.scalar(tf.sum(x).dataSync()[0]) });
    expect(() => traceFunction(reads, { x: spec(2) }, OPTIONS)).toThrow(HostReadError);
    const ofConstant = ({ x }: Record<string, tf.Tensor>) => ({ y: tf.mul(x, tf.tensor1d([3, 4]).dataSync()[1]) });
    expect(traceFunction(ofConstant, { x: spec(2) }, OPTIONS).outputs).toHaveLength(1);
  });

  it('leaves no tensor behind, whether it succeeds or fails', () => {
    const before = tf.memory().numTensors;
    traceFunction(({ x }) => ({ y: tf.mul(variable, tf.add(x, 1)) }), { x: spec(2) }, OPTIONS);
    const fails = ({ x }: Record<string, tf.Tensor>): never => {
      tf.add(x, 1);
      throw new Error('half-way');
    };
    expect(() => traceFunction(fails, { x: spec(2) }, OPTIONS)).toThrow('half-way');
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.getBackend()).toBe('cpu');
  });
});
