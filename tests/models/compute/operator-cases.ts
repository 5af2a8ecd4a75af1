/** Every operation with a rule, as a case: what goes in, what is computed, and whether its gradient is compared too. */
import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';

import type { HostTensor } from '../../../models/compute/device';
import { rmsNorm } from '../../../models/seq2seq/blocks';
import { floats, ints, randomFloats, randomInts } from '../../support/tensors';

type Random = () => number;

export interface OperatorCase {
  readonly name: string;
  /** Inputs in the order in which `compute` takes them; float32 ones are differentiated. */
  readonly inputs: (random: Random) => HostTensor[];
  readonly compute: (...inputs: Tensor[]) => Tensor | Tensor[];
  readonly differentiable: boolean;
}

const uniform =
  (shapes: readonly (readonly number[])[], low?: number, high?: number) =>
  (random: Random): HostTensor[] =>
    shapes.map((shape) => randomFloats(random, shape, low, high));

function smooth(name: string, inputs: OperatorCase['inputs'], compute: OperatorCase['compute']): OperatorCase {
  return { name, inputs, compute, differentiable: true };
}

function discrete(name: string, inputs: OperatorCase['inputs'], compute: OperatorCase['compute']): OperatorCase {
  return { ...smooth(name, inputs, compute), differentiable: false };
}

const reals = (...shapes: number[][]) => uniform(shapes);
const positive = (...shapes: number[][]) => uniform(shapes, 0.2, 3);
const integers =
  (low: number, high: number, ...shapes: number[][]) =>
  (random: Random) =>
    shapes.map((shape) => randomInts(random, shape, low, high));
/** Whole numbers from a small range, so that comparisons meet equal ones. */
const roundNumbers =
  (...shapes: number[][]) =>
  (random: Random) =>
    shapes.map((shape) => ({ shape, data: Float32Array.from(randomInts(random, shape, -2, 3).data) }));

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

const LINALG: OperatorCase[] = [false, true].flatMap((transposeA) =>
  [false, true].flatMap((transposeB) => {
    const matrices = (batchA: number[], batchB: number[]) => [
      [...batchA, ...(transposeA ? [4, 3] : [3, 4])],
      [...batchB, ...(transposeB ? [5, 4] : [4, 5])],
    ];
    const product = (a: Tensor, b: Tensor) => tf.matMul(a, b, transposeA, transposeB);
    const flags = `${transposeA ? 'Aᵀ' : 'A'} · ${transposeB ? 'Bᵀ' : 'B'}`;
    return [
      smooth(`matMul ${flags}`, reals(...matrices([], [])), product),
      smooth(`matMul ${flags}, stacked`, reals(...matrices([6], [6])), product),
      smooth(`matMul ${flags}, stacked twice`, reals(...matrices([2, 3], [2, 3])), product),
      discrete(`matMul ${flags}, broadcast`, reals(...matrices([2, 3], [])), product),
    ];
  }),
);

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
  smooth('concat', reals([2, 3], [2, 1], [2, 4]), (a, b, c) => tf.concat([a, b, c], 1)),
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
  smooth('split of a concat at other places', reals([2, 3], [2, 1]), (a, b) => tf.split(tf.concat([a, b], 1), 2, 1)),
  smooth('split', reals([2, 6]), (x) => tf.split(x, 3, 1)),
  smooth('split by sizes', reals([2, 6]), (x) => tf.split(x, [1, 2, 3], 1)),
  smooth('slice', reals([3, 4, 5]), (x) => tf.slice(x, [1, 0, 2], [2, -1, 2])),
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
  smooth('reverse', reals([2, 3]), (x) => tf.reverse(x, 1)),
  discrete('fill', reals([2, 3]), (x) => tf.add(x, tf.fill([2, 3], 7))),
  discrete('ones and zeros', reals([2, 3]), (x) => tf.add(tf.mul(x, tf.ones([2, 3])), tf.zeros([2, 3]))),
  discrete('range', integers(0, 5, [5]), (x) => tf.add(x, tf.range(2, 12, 2, 'int32'))),
  discrete('range downwards', reals([3]), (x) => tf.add(x, tf.range(3, 0))),
  discrete('linspace', reals([5]), (x) => tf.add(x, tf.linspace(0, 1, 5))),
  discrete('concat of int32', integers(0, 5, [2, 1], [2, 3]), (a, b) => tf.concat([a, b], 1)),
  discrete('slice of int32', integers(0, 5, [4, 3]), (x) => tf.slice(x, [1, 1], [2, 2])),
  discrete('tile of int32', integers(0, 5, [4]), (x) => tf.tile(x, [2])),
  discrete('pad of int32', integers(0, 5, [4]), (x) => tf.pad(x as tf.Tensor1D, [[1, 1]])),
  discrete('concat of bool', roundNumbers([3], [3]), (a, b) => tf.concat([tf.greater(a, 0), tf.less(b, 0)])),
];

const withIndices = (shape: number[], indexShape: number[], limit: number) => (random: Random) => [
  randomFloats(random, shape),
  randomInts(random, indexShape, 0, limit),
];

const INDEXING: OperatorCase[] = [
  smooth('gather', withIndices([5, 3], [7], 5), (x, indices) => tf.gather(x, indices)),
  smooth('gather by a matrix', withIndices([5, 3], [2, 4], 5), (x, indices) => tf.gather(x, indices)),
  smooth('gather along axis 1', withIndices([3, 5, 2], [4], 5), (x, indices) => tf.gather(x, indices, 1)),
  discrete('gather a batch', withIndices([3, 5, 2], [3, 4], 5), (x, indices) => tf.gather(x, indices, 1, 1)),
  discrete('gather of int32', integers(0, 5, [5, 2], [3]), (x, indices) => tf.gather(x, indices)),
  discrete(
    'gatherND',
    () => [floats([2, 2], 1, 2, 3, 4), ints([3, 2], 0, 1, 1, 0, 1, 1)],
    (x, i) => tf.gatherND(x, i),
  ),
  discrete('oneHot', integers(-1, 5, [6]), (indices) => tf.oneHot(indices, 4)),
  discrete('oneHot of a matrix', integers(0, 4, [2, 3]), (indices) => tf.oneHot(indices, 4, 0.9, 0.1)),
  discrete('oneHot of int32', integers(0, 4, [3]), (indices) => tf.oneHot(indices, 4, 1, 0, 'int32')),
  discrete(
    'scatterND',
    () => [ints([3, 1], 0, 2, 0), floats([3, 2], 1, 2, 3, 4, 5, 6)],
    (i, x) => tf.scatterND(i, x, [4, 2]),
  ),
  smooth('unsortedSegmentSum', withIndices([8, 3], [8], 4), (x, ids) =>
    tf.unsortedSegmentSum(x, ids as tf.Tensor1D, 5),
  ),
  discrete(
    'topk',
    () => [floats([2, 5], 3, 1, 3, 2, 0, -1, 5, 5, 5, 2)],
    (x) => unpackTopK(tf.topk(x, 3)),
  ),
  discrete('topk of int32', integers(0, 3, [2, 5]), (x) => unpackTopK(tf.topk(x, 3))),
  discrete('argMax', roundNumbers([4, 6]), (x) => tf.argMax(x, 1)),
  discrete('argMin', roundNumbers([4, 6]), (x) => tf.argMin(x, 0)),
  discrete('argMin of int32', integers(0, 4, [4, 6]), (x) => tf.argMin(x, 0)),
];

function unpackTopK({ values, indices }: { values: Tensor; indices: Tensor }): Tensor[] {
  return [values, indices];
}

const REDUCTION: OperatorCase[] = [
  smooth('sum', reals([2, 3, 4]), (x) => tf.sum(x)),
  smooth('sum along an axis', reals([2, 3, 4]), (x) => tf.sum(x, 1)),
  smooth('sum along two axes', reals([2, 3, 4]), (x) => tf.sum(x, [0, -1], true)),
  smooth('sum of what is broadcast', reals([2, 1]), (x) => tf.sum(tf.mul(x, tf.ones([2, 3])), 1)),
  smooth('mean', reals([2, 3, 4]), (x) => tf.mean(x)),
  smooth('mean along an axis', reals([2, 3, 4]), (x) => tf.mean(x, -1, true)),
  smooth('max', reals([2, 3, 4]), (x) => tf.max(x, 1)),
  smooth('min', reals([2, 3, 4]), (x) => tf.min(x, [0, 2], true)),
  discrete('prod', reals([2, 3]), (x) => tf.prod(x, 1)),
  discrete('sum of int32', integers(-5, 5, [3, 4]), (x) => tf.sum(x, 1)),
  discrete('max of int32', integers(-5, 5, [3, 4]), (x) => tf.max(x, 1)),
  discrete('sum of bool', roundNumbers([3, 4]), (x) => tf.sum(tf.greater(x, 0), 1)),
  smooth('softmax', reals([2, 3, 5]), (x) => tf.softmax(x)),
  smooth('logSoftmax', reals([2, 3, 5]), (x) => tf.logSoftmax(x)),
  smooth('logSumExp', reals([2, 3, 5]), (x) => tf.logSumExp(x, -1)),
  smooth('rmsNorm', reals([2, 3, 5], [5]), (x, gain) => rmsNorm(x, gain)),
  smooth('rmsNorm of rows reshaped', reals([6, 5], [5]), (x, gain) => rmsNorm(tf.reshape(x, [2, 3, 5]), gain)),
  smooth('rmsNorm of rows cut anew', reals([6, 5], [3]), (x, gain) => rmsNorm(tf.reshape(x, [2, 5, 3]), gain)),
  smooth('cumsum', reals([3, 4]), (x) => tf.cumsum(x, 1)),
  discrete('cumsum backwards without itself', reals([3, 4]), (x) => tf.cumsum(x, 0, true, true)),
  discrete('cumsum of int32', integers(0, 5, [6]), (x) => tf.cumsum(x)),
];

export const OPERATOR_CASES: readonly OperatorCase[] = [
  ...UNARY,
  ...BINARY,
  ...LOGICAL,
  ...LINALG,
  ...MOVEMENT,
  ...INDEXING,
  ...REDUCTION,
];
