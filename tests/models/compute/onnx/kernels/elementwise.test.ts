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
  type Random,
} from '../../../../support/operator-table';
import { floats, ints, randomFloats, randomInts } from '../../../../support/tensors';

const UNARY: OperatorCase[] = [
  smooth('abs', reals([3, 4]), (x) => tf.abs(x)),
  smooth('neg', reals([3, 4]), (x) => tf.neg(x)),
  smooth('multiples of multiples', reals([3, 4]), (x) => {
    const half = tf.mul(x, 0.5);
    return [half, tf.neg(half), tf.mul(tf.neg(half), 3), tf.mul(tf.div(1, 4), half), tf.mul(half, 2)];
  }),
  smooth('multiples of what is known', reals([3, 4]), (x) => tf.mul(x, tf.neg(tf.mul(tf.fill([3, 4], 3), 2)))),
  smooth('exp', reals([3, 4]), (x) => tf.exp(x)),
  smooth('log', positive([3, 4]), (x) => tf.log(x)),
  smooth('log1p', positive([3, 4]), (x) => tf.log1p(x)),
  smooth('sqrt', positive([3, 4]), (x) => tf.sqrt(x)),
  smooth('rsqrt', positive([3, 4]), (x) => tf.rsqrt(x)),
  smooth('square', reals([3, 4]), (x) => tf.square(x)),
  smooth('reciprocal', positive([3, 4]), (x) => tf.reciprocal(x)),
  smooth('sigmoid', reals([3, 4]), (x) => tf.sigmoid(x)),
  smooth('tanh', reals([3, 4]), (x) => tf.tanh(x)),
  smooth('relu', reals([3, 4]), (x) => tf.relu(x)),
  smooth('softplus', reals([3, 4]), (x) => tf.softplus(x)),
  smooth('erf', reals([3, 4]), (x) => tf.erf(x)),
  smooth('sin', reals([3, 4]), (x) => tf.sin(x)),
  smooth('cos', reals([3, 4]), (x) => tf.cos(x)),
  smooth('clipByValue', reals([3, 4]), (x) => tf.clipByValue(x, -0.5, 1)),
  discrete('floor', reals([3, 4]), (x) => tf.floor(x)),
  discrete('ceil', reals([3, 4]), (x) => tf.ceil(x)),
  discrete(
    'round',
    () => [floats([6], -2.5, -1.5, -0.4, 0.5, 1.5, 2.5)],
    (x) => tf.round(x),
  ),
  discrete(
    'sign',
    () => [floats([3], -2, 0, 3)],
    (x) => tf.sign(x),
  ),
  discrete(
    'step',
    () => [floats([3], -2, 0, 3)],
    (x) => tf.step(x),
  ),
  discrete(
    'step with a slope',
    () => [floats([3], -2, 0, 3)],
    (x) => tf.step(x, -1),
  ),
  discrete(
    'isNaN',
    () => [floats([3], NaN, 1, Infinity)],
    (x) => tf.isNaN(x),
  ),
  discrete(
    'logicalNot',
    () => [ints([2], 0, 1)],
    (x) => tf.logicalNot(tf.cast(x, 'bool')),
  ),
  discrete('zerosLike', reals([3, 4]), (x) => tf.zerosLike(x)),
  discrete('onesLike', reals([3, 4]), (x) => tf.onesLike(x)),
  discrete('abs of int32', integers(-5, 5, [6]), (x) => tf.abs(x)),
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
  smooth('maximum', reals([3, 4], [3, 4]), (a, b) => tf.maximum(a, b)),
  smooth('minimum', reals([3, 4], [3, 4]), (a, b) => tf.minimum(a, b)),
  smooth('pow', positive([3, 4], [4]), (a, b) => tf.pow(a, b)),
  smooth('squaredDifference', reals([3, 4], [3, 4]), (a, b) => tf.squaredDifference(a, b)),
  ...[0, 0.5, 1, 1.5, 2, 3].map((power) => smooth(`pow ${power}`, positive([3, 4]), (a) => tf.pow(a, power))),
  discrete('add of int32', integers(-9, 9, [3, 4], [4]), (a, b) => tf.add(a, b)),
  discrete('sub of int32', integers(-9, 9, [3, 4], [4]), (a, b) => tf.sub(a, b)),
  discrete('mul of int32', integers(-9, 9, [3, 4], [4]), (a, b) => tf.mul(a, b)),
  discrete('maximum of int32', integers(-9, 9, [3, 4], [4]), (a, b) => tf.maximum(a, b)),
  discrete('minimum of int32', integers(-9, 9, [3, 4], [4]), (a, b) => tf.minimum(a, b)),
  discrete(
    'floorDiv of int32',
    () => [ints([6], 7, -7, 7, -7, 6, -6), ints([6], 2, 2, -2, -2, 3, 3)],
    (a, b) => tf.floorDiv(a, b),
  ),
  discrete(
    'div of int32',
    () => [ints([3], 9, 7, 4), ints([3], 2, 2, 2)],
    (a, b) => tf.div(a, b),
  ),
  discrete('floorDiv', positive([3, 4], [4]), (a, b) => tf.floorDiv(a, b)),
  discrete(
    'mod',
    () => [floats([4], 5.5, -5.5, 5.5, -5.5), floats([4], 2, 2, -2, -2)],
    (a, b) => tf.mod(a, b),
  ),
  discrete(
    'mod of int32',
    () => [ints([4], 5, -5, 5, -5), ints([4], 3, 3, -3, -3)],
    (a, b) => tf.mod(a, b),
  ),
];

const choice = (shape: number[]) => (random: Random) => [
  randomInts(random, shape, 0, 2),
  randomFloats(random, shape),
  randomFloats(random, shape),
];

const LOGICAL: OperatorCase[] = [
  discrete('equal', roundNumbers([3, 4], [4]), (a, b) => tf.equal(a, b)),
  discrete('notEqual', roundNumbers([3, 4], [4]), (a, b) => tf.notEqual(a, b)),
  discrete('greater', roundNumbers([3, 4], [4]), (a, b) => tf.greater(a, b)),
  discrete('greaterEqual', roundNumbers([3, 4], [4]), (a, b) => tf.greaterEqual(a, b)),
  discrete('less', roundNumbers([3, 4], [4]), (a, b) => tf.less(a, b)),
  discrete('lessEqual', roundNumbers([3, 4], [4]), (a, b) => tf.lessEqual(a, b)),
  discrete('equal of int32', integers(-2, 2, [3, 4], [4]), (a, b) => tf.equal(a, b)),
  discrete('less of int32', integers(-2, 2, [3, 4], [4]), (a, b) => tf.less(a, b)),
  discrete('greaterEqual of int32', integers(-2, 2, [3, 4], [4]), (a, b) => tf.greaterEqual(a, b)),
  discrete('logicalAnd', roundNumbers([3, 4], [4]), (a, b) => tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 0))),
  discrete('logicalOr', roundNumbers([3, 4], [4]), (a, b) => tf.logicalOr(tf.greater(a, 0), tf.greater(b, 0))),
  discrete('all', roundNumbers([5, 2]), (a) => tf.all(tf.greater(a, -2), 1)),
  discrete('any', roundNumbers([5, 2]), (a) => tf.any(tf.greater(a, 1), 0)),
  smooth('where', choice([3, 4]), (condition, a, b) => tf.where(tf.cast(condition, 'bool'), a, b)),
  smooth('where by a constant', reals([4], [4]), (a, b) => tf.where(tf.tensor1d([1, 0, 1, 0], 'bool'), a, b)),
  discrete('where of int32', integers(0, 5, [3, 4], [3, 4]), (a, b) => tf.where(tf.greater(a, b), a, b)),
];

describe('ELEMENTWISE_RULES', () => compareWithTfjs([...UNARY, ...BINARY, ...LOGICAL]));
