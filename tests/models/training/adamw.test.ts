import * as tf from '@tensorflow/tfjs';
import type { Scalar } from '@tensorflow/tfjs';

import { createAdamW, type AdamW } from '../../../models/training/adamw';

/** Algorithm 2 of the paper, a number at a time, without any folding. */
class PlainAdamW {
  private m = 0;
  private v = 0;
  private t = 0;

  constructor(
    public value: number,
    private readonly weightDecay: number,
  ) {}

  update(gradient: number, learningRate: number): void {
    this.t++;
    this.m = 0.9 * this.m + 0.1 * gradient;
    this.v = 0.999 * this.v + 0.001 * gradient ** 2;
    const [m, v] = [this.m / (1 - 0.9 ** this.t), this.v / (1 - 0.999 ** this.t)];
    this.value -= learningRate * (m / (Math.sqrt(v) + 1e-8) + this.weightDecay * this.value);
  }
}

const step = (adamw: AdamW, gradients: tf.Tensor[], learningRate: number, t: number) =>
  tf.tidy(() => adamw.update(gradients, tf.scalar(learningRate) as Scalar, tf.scalar(t) as Scalar).arraySync());

describe('createAdamW', () => {
  it('follows the paper’s algorithm; decays matrices and leaves vectors alone', () => {
    const matrix = tf.variable(tf.tensor2d([[1, -2]]));
    const vector = tf.variable(tf.tensor1d([3]));
    const adamw = createAdamW([matrix, vector], { weightDecay: 0.1 });
    const plain = [new PlainAdamW(1, 0.1), new PlainAdamW(-2, 0.1), new PlainAdamW(3, 0)];
    for (let t = 1; t <= 30; t++) {
      const gradients = [Math.sin(t), Math.cos(3 * t) * 10, t % 5 === 0 ? 0 : 1e-3];
      const learningRate = 0.01 * t;
      step(adamw, [tf.tensor2d([gradients.slice(0, 2)]), tf.tensor1d(gradients.slice(2))], learningRate, t);
      plain.forEach((twin, i) => twin.update(gradients[i], learningRate));
    }
    const values = [...matrix.dataSync(), ...vector.dataSync()];
    values.forEach((value, i) => expect(value).toBeCloseTo(plain[i].value, 4));
  });

  it('scales gradients down to the norm given, all by one factor, and returns their own norm', () => {
    const make = (clipNorm?: number) => {
      const a = tf.variable(tf.tensor1d([0]));
      const b = tf.variable(tf.tensor1d([0]));
      return { adamw: createAdamW([a, b], { weightDecay: 0, clipNorm }) };
    };
    const large = [tf.tensor1d([3]), tf.tensor1d([4])];
    const clipped = make(1).adamw;
    expect(step(clipped, large, 0.1, 1)).toBeCloseTo(5, 5);
    const [m1, v1, m2, v2] = clipped.variables.map((moment) => moment.dataSync()[0]);
    // 3/5 and 4/5 of the norm, and their squares.
    expect([m1, m2]).toEqual([expect.closeTo(0.6, 6), expect.closeTo(0.8, 6)]);
    expect([v1, v2]).toEqual([expect.closeTo(0.36, 6), expect.closeTo(0.64, 6)]);
    const loose = make(10).adamw;
    const free = make().adamw;
    step(loose, large, 0.1, 1);
    step(free, large, 0.1, 1);
    expect(loose.variables[0].dataSync()[0]).toBeCloseTo(free.variables[0].dataSync()[0], 6);
  });
});
