import * as tf from '@tensorflow/tfjs';

import {
  compareWithTfjs,
  discrete,
  integers,
  roundNumbers,
  smooth,
  type OperatorCase,
  type Random,
} from '../../../../support/operator-table';
import { randomFloats, randomInts } from '../../../../support/tensors';

const withIndices = (shape: number[], indexShape: number[], limit: number) => (random: Random) => [
  randomFloats(random, shape),
  randomInts(random, indexShape, 0, limit),
];

const INDEXING: OperatorCase[] = [
  smooth('gather', withIndices([5, 3], [7], 5), (x, indices) => tf.gather(x, indices)),
  smooth('gather by a matrix', withIndices([5, 3], [2, 4], 5), (x, indices) => tf.gather(x, indices)),
  smooth('gather along axis 1', withIndices([3, 5, 2], [4], 5), (x, indices) => tf.gather(x, indices, 1)),
  discrete('gather of int32', integers(0, 5, [5, 2], [3]), (x, indices) => tf.gather(x, indices)),
  discrete('oneHot', integers(-1, 5, [6]), (indices) => tf.oneHot(indices, 4)),
  discrete('oneHot of int32', integers(0, 4, [3]), (indices) => tf.oneHot(indices, 4, 1, 0, 'int32')),
  discrete('unsortedSegmentSum', withIndices([8, 3], [8], 4), (x, ids) =>
    tf.unsortedSegmentSum(x, ids as tf.Tensor1D, 5),
  ),
  discrete('argMin', roundNumbers([4, 6]), (x) => tf.argMin(x, 0)),
  discrete('argMin of int32', integers(0, 4, [4, 6]), (x) => tf.argMin(x, 0)),
];

describe('INDEXING_RULES', () => compareWithTfjs(INDEXING));
