import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';

import {
  compareWithTfjs,
  discrete,
  integers,
  roundNumbers,
  smooth,
  type OperatorCase,
  type Random,
} from '../../../../support/operator-table';
import { floats, ints, randomFloats, randomInts } from '../../../../support/tensors';

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

describe('INDEXING_RULES', () => compareWithTfjs(INDEXING));
