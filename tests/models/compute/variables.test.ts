import * as tf from '@tensorflow/tfjs';

import { ShapeError } from '../../../models/compute/errors';
import { checkSize, variableOf, VariableStore } from '../../../models/compute/variables';

describe('VariableStore', () => {
  let variable: tf.Variable;
  let store: VariableStore;
  beforeEach(async () => {
    await tf.setBackend('cpu');
    variable = tf.variable(tf.tensor1d([1, 2]));
    store = new VariableStore();
  });
  afterEach(() => variable.dispose());

  it('takes the value from tfjs first, and then holds it', () => {
    expect([...store.read(variable)]).toEqual([1, 2]);
    store.replace(variable, Float32Array.of(3, 4));
    expect([...store.read(variable)]).toEqual([3, 4]);
    expect([...variable.dataSync()]).toEqual([1, 2]);
  });

  it('takes the value anew when tfjs has assigned another', () => {
    store.replace(variable, Float32Array.of(3, 4));
    tf.tidy(() => variable.assign(tf.tensor1d([5, 6])));
    expect([...store.read(variable)]).toEqual([5, 6]);
  });

  it('gives copies to readers, and copies what is written', () => {
    const values = Float32Array.of(7, 8);
    store.write(variable, values);
    values.fill(0);
    store.read(variable).fill(0);
    expect([...store.present(variable)]).toEqual([7, 8]);
  });

  it('keeps the array itself that it adopts', () => {
    const values = Float32Array.of(7, 8);
    store.adopt(variable, values);
    expect(store.present(variable)).toBe(values);
  });

  it('copies no values that no training changes', () => {
    const frozen = variableOf({ shape: [2], data: Float32Array.of(1, 2) });
    expect(store.present(frozen)).toBe(frozen.dataSync());
    expect(store.present(variable)).not.toBe(variable.dataSync());
    frozen.dispose();
  });

  it('refuses another number of values', () => {
    expect(() => store.write(variable, Float32Array.of(1))).toThrow(ShapeError);
    expect(() => checkSize(variable, Float32Array.of(1, 2, 3))).toThrow(/expected 2 values, got 3/);
  });
});

describe('variableOf', () => {
  it('makes a variable of the same shape and values, which no training changes', () => {
    const variable = variableOf({ shape: [1, 2], data: Int32Array.of(3, 4) });
    expect([variable.shape, variable.dtype, variable.trainable]).toEqual([[1, 2], 'int32', false]);
    expect([...variable.dataSync()]).toEqual([3, 4]);
    variable.dispose();
  });
});
