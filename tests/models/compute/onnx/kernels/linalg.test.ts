import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';

import { eightBitTable } from '../../../../../models/compute/onnx/kernels/linalg';
import { Rows } from '../../../../../models/math/rows';
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

describe('eightBitTable', () => {
  it('keeps every number to half a step of the largest of its block', () => {
    const tables = fc
      .record({ rows: fc.integer({ min: 1, max: 4 }), width: fc.integer({ min: 1, max: 150 }) })
      .chain(({ rows, width }) =>
        fc.record({
          width: fc.constant(width),
          floats: fc.float32Array({
            minLength: rows * width,
            maxLength: rows * width,
            noNaN: true,
            min: -1e6,
            max: 1e6,
          }),
        }),
      );
    fc.assert(
      fc.property(tables, ({ width, floats }) => {
        const { values, scales, blockSize } = eightBitTable([new Rows(floats, width)]);
        const blocks = Math.ceil(width / blockSize);
        expect(values).toHaveLength((floats.length / width) * blocks * blockSize);
        floats.forEach((x, i) => {
          const [row, column] = [Math.floor(i / width), i % width];
          const scale = scales[row * blocks + Math.floor(column / blockSize)];
          const kept = (values[row * blocks * blockSize + column] - 128) * scale;
          expect(Math.abs(kept - x)).toBeLessThanOrEqual(scale * 0.501 + 2 ** -126);
        });
      }),
    );
  });

  it('fills rows up with zeros, and keeps a row of zeros', () => {
    const { values, scales, blockSize } = eightBitTable([new Rows(Float32Array.of(0, 0, -2, 1), 2)]);
    expect(scales).toEqual(Float32Array.of(0, 2 / 127));
    expect([...values.subarray(0, blockSize)]).toEqual(Array(blockSize).fill(128));
    expect([...values.subarray(blockSize)]).toEqual([1, 192, ...Array<number>(blockSize - 2).fill(128)]);
  });
});
