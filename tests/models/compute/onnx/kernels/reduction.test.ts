import * as tf from '@tensorflow/tfjs';

import { rmsNorm } from '../../../../../models/seq2seq/blocks';
import {
  compareWithTfjs,
  discrete,
  integers,
  reals,
  roundNumbers,
  smooth,
  type OperatorCase,
} from '../../../../support/operator-table';

const REDUCTION: OperatorCase[] = [
  smooth('sum', reals([2, 3, 4]), (x) => tf.sum(x)),
  smooth('sum along an axis', reals([2, 3, 4]), (x) => tf.sum(x, 1)),
  smooth('sum along two axes', reals([2, 3, 4]), (x) => tf.sum(x, [0, -1], true)),
  smooth('sum of what is broadcast', reals([2, 1]), (x) => tf.sum(tf.mul(x, tf.ones([2, 3])), 1)),
  smooth('mean', reals([2, 3, 4]), (x) => tf.mean(x)),
  smooth('mean along an axis', reals([2, 3, 4]), (x) => tf.mean(x, -1, true)),
  discrete('max', reals([2, 3, 4]), (x) => tf.max(x, 1)),
  discrete('sum of int32', integers(-5, 5, [3, 4]), (x) => tf.sum(x, 1)),
  discrete('max of int32', integers(-5, 5, [3, 4]), (x) => tf.max(x, 1)),
  discrete('sum of bool', roundNumbers([3, 4]), (x) => tf.sum(tf.greaterEqual(x, 0), 1)),
  smooth('softmax', reals([2, 3, 5]), (x) => tf.softmax(x)),
  smooth('rmsNorm', reals([2, 3, 5], [5]), (x, gain) => rmsNorm(x, gain)),
  smooth('rmsNorm of rows reshaped', reals([6, 5], [5]), (x, gain) => rmsNorm(tf.reshape(x, [2, 3, 5]), gain)),
  smooth('rmsNorm of rows cut anew', reals([6, 5], [3]), (x, gain) => rmsNorm(tf.reshape(x, [2, 5, 3]), gain)),
];

describe('REDUCTION_RULES', () => compareWithTfjs(REDUCTION));
