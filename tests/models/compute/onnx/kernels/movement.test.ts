import * as tf from '@tensorflow/tfjs';

import {
  compareWithTfjs,
  discrete,
  integers,
  reals,
  roundNumbers,
  smooth,
  type OperatorCase,
} from '../../../../support/operator-table';

const MOVEMENT: OperatorCase[] = [
  smooth('reshape', reals([3, 4]), (x) => tf.reshape(x, [2, -1])),
  smooth('reshape of a reshape', reals([3, 4]), (x) =>
    tf.mul(tf.reshape(tf.reshape(x, [2, 6]), [12]), tf.range(0, 12)),
  ),
  smooth('expandDims and squeeze', reals([3, 1, 4]), (x) => tf.expandDims(tf.squeeze(x, [1]), -1)),
  smooth('transpose', reals([2, 3, 4]), (x) => tf.transpose(x, [2, 0, 1])),
  smooth('transpose of a transpose', reals([2, 3, 4]), (x) => tf.transpose(tf.transpose(x, [2, 0, 1]), [2, 0, 1])),
  smooth('transpose undone', reals([2, 3, 4]), (x) => tf.mul(tf.transpose(tf.transpose(x, [2, 0, 1]), [1, 2, 0]), x)),
  smooth('transpose of an axis of extent 1', reals([2, 1, 4]), (x) => tf.transpose(x, [1, 0, 2])),
  discrete('concat', reals([2, 3], [2, 1], [2, 4]), (a, b, c) => tf.concat([a, b, c], 1)),
  smooth('stack', reals([2, 3], [2, 3]), (a, b) => tf.stack([a, b], 1)),
  smooth('stack at the end', reals([2, 3], [2, 3]), (a, b) => tf.stack([a, b], -1)),
  smooth('number by number between reshapes', reals([2, 6], [2, 6], [3, 4]), (a, b, c) => {
    const [x, y] = [a, b].map((tensor) => tf.reshape(tensor, [2, 2, 3]));
    const sum = tf.relu(tf.add(tf.mul(x, 2), y));
    return [tf.reshape(sum, [2, 6]), sum, tf.mul(x, tf.reshape(c, [2, 2, 3]))];
  }),
  smooth('unstack at the end', reals([2, 3]), (x) => tf.unstack(x, 1)),
  smooth('unstack', reals([2, 3, 4]), (x) => tf.unstack(x, 1)),
  discrete('unstack of one', reals([2, 1, 3]), (x) => tf.unstack(x, 1)),
  smooth('unstack of a stack', reals([2, 3], [2, 3]), (a, b) => tf.unstack(tf.stack([a, b], 1), 1).reverse()),
  smooth('slice', reals([3, 4, 5]), (x) => tf.slice(x, [1, 0, 2], [2, -1, 2])),
  ...[
    [1, 0],
    [0, 1],
    [1, 1],
  ].map((begin) =>
    smooth(`slice of a constant from ${begin}`, reals([1]), (x) =>
      tf.mul(x, tf.slice(tf.tensor([1, 2, 3, 4, 5, 6], [3, 2]), begin)),
    ),
  ),
  smooth('slice of equal numbers', reals([1]), (x) => tf.mul(x, tf.slice(tf.ones([3, 2]), [1, 0]))),
  smooth('pad', reals([2, 3]), (x) =>
    tf.pad(
      x as tf.Tensor2D,
      [
        [1, 0],
        [0, 2],
      ],
      0.5,
    ),
  ),
  smooth('tile', reals([2, 3]), (x) => tf.tile(x, [2, 3])),
  smooth('tile of an axis of extent 1', reals([2, 1]), (x) => tf.tile(x, [1, 3])),
  smooth('broadcastTo', reals([2, 1, 3]), (x) => tf.mul(tf.broadcastTo(x, [2, 4, 3]), tf.range(0, 12).reshape([4, 3]))),
  discrete('fill', reals([2, 3]), (x) => tf.add(x, tf.fill([2, 3], 7))),
  discrete('ones and zeros', reals([2, 3]), (x) => tf.add(tf.mul(x, tf.ones([2, 3])), tf.zeros([2, 3]))),
  discrete('range', integers(0, 5, [5]), (x) => tf.add(x, tf.range(2, 12, 2, 'int32'))),
  discrete('range downwards', reals([3]), (x) => tf.add(x, tf.range(3, 0))),
  discrete('concat of constants', reals([2, 3, 2]), (x) => {
    const [a, b] = [tf.tensor([1, 2, 3, 4], [2, 1, 2]), tf.tensor([5, 6, 7, 8, 9, 10, 11, 12], [2, 2, 2])];
    return tf.add(x, tf.concat([a, b], 1));
  }),
  discrete('concat of int32', integers(0, 5, [2, 1], [2, 3]), (a, b) => tf.concat([a, b], 1)),
  discrete('slice of int32', integers(0, 5, [4, 3]), (x) => tf.slice(x, [1, 1], [2, 2])),
  discrete('tile of int32', integers(0, 5, [4]), (x) => tf.tile(x, [2])),
  discrete('pad of int32', integers(0, 5, [4]), (x) => tf.pad(x as tf.Tensor1D, [[1, 1]])),
  discrete('concat of bool', roundNumbers([3], [3]), (a, b) => tf.concat([tf.greaterEqual(a, 0), tf.lessEqual(b, 0)])),
];

describe('MOVEMENT_RULES', () => compareWithTfjs(MOVEMENT));
