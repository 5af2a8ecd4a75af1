import * as tf from '@tensorflow/tfjs';

import { stopGradient } from '../../../models/compute/stop-gradient';

describe('stopGradient', () => {
  it('keeps the value and lets no gradient through', () => {
    const square = (x: tf.Tensor) => tf.sum(tf.mul(x, stopGradient(x)));
    const { value, grad } = tf.valueAndGrad(square)(tf.tensor1d([2, 3]));
    // Of x · sg[x] only the first factor is differentiated.
    expect([value.dataSync()[0], ...grad.dataSync()]).toEqual([13, 2, 3]);
  });
});
