import * as tf from '@tensorflow/tfjs';

import { VariableStore } from '../../../models/compute/variables';

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

  it('keeps the array itself that is written, and gives copies to readers', () => {
    const values = Float32Array.of(7, 8);
    store.write(variable, values);
    store.read(variable).fill(0);
    expect(store.present(variable)).toBe(values);
    expect([...values]).toEqual([7, 8]);
  });
});
