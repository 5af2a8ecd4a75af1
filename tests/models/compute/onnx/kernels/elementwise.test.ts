import * as tf from '@tensorflow/tfjs';

import {
  compareWithTfjs,
  discrete,
  integers,
  positive,
  reals,
  roundNumbers,
  smooth,
  type OperatorCase,
} from '../../../../support/operator-table';
import { floats } from '../../../../support/tensors';

const UNARY: OperatorCase[] = [
  smooth('neg', reals([3, 4]), (x) => tf.neg(x)),
  smooth('multiples of multiples', reals([3, 4]), (x) => {
    const half = tf.mul(x, 0.5);
    return [half, tf.neg(half), tf.mul(tf.neg(half), 3), tf.mul(tf.div(1, 4), half), tf.mul(half, 2)];
  }),
  smooth('multiples of what is known', reals([3, 4]), (x) => tf.mul(x, tf.neg(tf.mul(tf.fill([3, 4], 3), 2)))),
  smooth('exp', reals([3, 4]), (x) => tf.exp(x)),
  smooth('log', positive([3, 4]), (x) => tf.log(x)),
  smooth('sqrt', positive([3, 4]), (x) => tf.sqrt(x)),
  smooth('square', reals([3, 4]), (x) => tf.square(x)),
  smooth('relu', reals([3, 4]), (x) => tf.relu(x)),
  smooth('tanh', reals([3, 4]), (x) => tf.tanh(x)),
  discrete(
    'step',
    () => [floats([3], -2, 0, 3)],
    (x) => tf.step(x),
  ),
  discrete('zerosLike', reals([3, 4]), (x) => tf.zerosLike(x)),
  discrete('neg of int32', integers(-5, 5, [6]), (x) => tf.neg(x)),
  discrete('square of int32', integers(-5, 5, [6]), (x) => tf.square(x)),
  discrete(
    'cast float32 to int32',
    () => [floats([4], -1.7, -0.2, 0.9, 2.5)],
    (x) => tf.cast(x, 'int32'),
  ),
  discrete('cast int32 to float32', integers(-5, 5, [6]), (x) => tf.cast(x, 'float32')),
  discrete(
    'cast to bool and back',
    () => [floats([3], 0, 0.5, -1)],
    (x) => tf.cast(tf.cast(x, 'bool'), 'float32'),
  ),
];

const BINARY: OperatorCase[] = [
  smooth('add', reals([3, 4], [3, 4]), (a, b) => tf.add(a, b)),
  smooth('add, broadcast', reals([2, 3, 4], [4]), (a, b) => tf.add(a, b)),
  smooth('add, both broadcast', reals([2, 1, 4], [3, 1]), (a, b) => tf.add(a, b)),
  smooth('add of a scalar', reals([3, 4], []), (a, b) => tf.add(a, b)),
  smooth('addN', reals([3, 4], [3, 4], [3, 4]), (a, b, c) => tf.addN([a, b, c])),
  smooth('sub, broadcast', reals([3, 1], [3, 4]), (a, b) => tf.sub(a, b)),
  smooth('mul, broadcast', reals([2, 3, 4], [3, 1]), (a, b) => tf.mul(a, b)),
  smooth('mul by a literal', reals([3, 4]), (a) => tf.mul(a, 0.125)),
  smooth('div', positive([3, 4], [4]), (a, b) => tf.div(a, b)),
  discrete('maximum', reals([3, 4], [3, 4]), (a, b) => tf.maximum(a, b)),
  discrete('minimum', reals([3, 4], [3, 4]), (a, b) => tf.minimum(a, b)),
  discrete('pow', positive([3, 4], [4]), (a, b) => tf.pow(a, b)),
  discrete('add of int32', integers(-9, 9, [3, 4], [4]), (a, b) => tf.add(a, b)),
  discrete('sub of int32', integers(-9, 9, [3, 4], [4]), (a, b) => tf.sub(a, b)),
  discrete('mul of int32', integers(-9, 9, [3, 4], [4]), (a, b) => tf.mul(a, b)),
  discrete('maximum of int32', integers(-9, 9, [3, 4], [4]), (a, b) => tf.maximum(a, b)),
  discrete('minimum of int32', integers(-9, 9, [3, 4], [4]), (a, b) => tf.minimum(a, b)),
];

const LOGICAL: OperatorCase[] = [
  discrete('greaterEqual', roundNumbers([3, 4], [4]), (a, b) => tf.greaterEqual(a, b)),
  discrete('lessEqual', roundNumbers([3, 4], [4]), (a, b) => tf.lessEqual(a, b)),
  discrete('greaterEqual of int32', integers(-2, 2, [3, 4], [4]), (a, b) => tf.greaterEqual(a, b)),
];

describe('ELEMENTWISE_RULES', () => compareWithTfjs([...UNARY, ...BINARY, ...LOGICAL]));
