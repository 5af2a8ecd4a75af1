import * as tf from '@tensorflow/tfjs';

import { createRandom } from '../../../models/math/random';
import { itemLosses } from '../../../models/seq2seq/item-head';

const [ITEMS, SIZE] = [6, 4];
const random = createRandom(4);
const normals = (...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()),
    shape,
  );
const vectors = tf.variable(normals(ITEMS + 1, SIZE)) as tf.Variable;

/** −log softmax over the items, summed with loops; row 0 of the vectors is no item. */
function plainLoss(state: number[], target: number): number {
  const rows = vectors.arraySync() as number[][];
  const scores = rows.map((row) => row.reduce((sum, x, d) => sum + x * state[d], 0));
  return Math.log(scores.slice(1).reduce((sum, score) => sum + Math.exp(score), 0)) - scores[target];
}

describe('itemLosses', () => {
  const states = normals(2, 3, SIZE);
  const rows = states.arraySync() as number[][][];
  const targets = [[1, 6], [2, 2]]; // prettier-ignore

  it('causal: the last T states predict the T targets, one each', () => {
    const losses = itemLosses(
      states,
      tf.tensor2d(targets, [2, 2], 'int32'),
      'causal',
      vectors,
    ).arraySync() as number[][];
    targets.forEach((ofUser, b) =>
      ofUser.forEach((target, t) => expect(losses[b][t]).toBeCloseTo(plainLoss(rows[b][1 + t], target), 4)),
    );
  });

  it('full: the last state predicts every target', () => {
    const losses = itemLosses(states, tf.tensor2d(targets, [2, 2], 'int32'), 'full', vectors).arraySync() as number[][];
    targets.forEach((ofUser, b) =>
      ofUser.forEach((target, t) => expect(losses[b][t]).toBeCloseTo(plainLoss(rows[b][2], target), 4)),
    );
  });

  it.each([undefined, tf.tensor1d([0, 0, 1, -1, 2, 0])])(
    'has the gradient of finite differences, to states and to vectors',
    (logWeights) => {
      const loss = (from: tf.Tensor) =>
        tf.sum(itemLosses(from, tf.tensor2d(targets, [2, 2], 'int32'), 'causal', vectors, logWeights)) as tf.Scalar;
      const { grads } = tf.variableGrads(() => loss(states), [vectors]);
      checkGradient(tf.grad(loss)(states), (moved) => loss(tf.tensor(moved, states.shape)), states);
      const before = vectors.dataSync().slice();
      checkGradient(
        Object.values(grads)[0],
        (moved) => {
          vectors.assign(tf.tensor(moved, vectors.shape));
          return loss(states);
        },
        vectors,
      );
      vectors.assign(tf.tensor(before, vectors.shape));
    },
  );
});

function checkGradient(gradient: tf.Tensor, lossAt: (moved: Float32Array) => tf.Scalar, x: tf.Tensor): void {
  const values = x.dataSync().slice() as Float32Array;
  const step = 1e-2;
  gradient.dataSync().forEach((g, i) => {
    const [high, low] = [step, -step].map((delta) => {
      const moved = values.slice();
      moved[i] += delta;
      return lossAt(moved).dataSync()[0];
    });
    expect(g).toBeCloseTo((high - low) / (2 * step), 2);
  });
}
