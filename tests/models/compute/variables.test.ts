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
});
