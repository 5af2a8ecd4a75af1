import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';

import { compareWithTfjs, discrete, reals, smooth, type OperatorCase } from '../../../../support/operator-table';

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

describe('LINALG_RULES', () => compareWithTfjs(LINALG));
