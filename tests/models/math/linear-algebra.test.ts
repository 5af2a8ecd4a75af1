import fc from 'fast-check';

import { multiplyTransposed, symmetricEigen } from '../../../models/math/linear-algebra';
import { createRandom } from '../../../models/math/random';

describe('multiplyTransposed', () => {
  it('equals the sums written out, for odd numbers of rows too', () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(size, size, size, fc.integer(), (n, m, k, seed) => {
        const random = createRandom(seed);
        const a = Float32Array.from({ length: n * k }, () => random.normal());
        const b = Float32Array.from({ length: m * k }, () => random.normal());
        const out = new Float64Array(n * m);
        multiplyTransposed(a, b, k, out);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < m; j++) {
            let sum = 0;
            for (let d = 0; d < k; d++) sum += a[i * k + d] * b[j * k + d];
            expect(out[i * m + j]).toBeCloseTo(sum, 12);
          }
        }
      }),
    );
  });
});

describe('symmetricEigen', () => {
  it('finds the values and vectors of a matrix done by hand', () => {
    // [[2, 1], [1, 2]] has the values 3 along (1, 1) and 1 along (1, −1).
    const { values, vectorOf } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    expect(values[0]).toBeCloseTo(3, 12);
    expect(values[1]).toBeCloseTo(1, 12);
    const [first, second] = [vectorOf(0), vectorOf(1)];
    expect(first[0]).toBeCloseTo(first[1], 12);
    expect(second[0]).toBeCloseTo(-second[1], 12);
  });

  it('gives vectors of length 1 that the matrix only stretches, the largest value first', () => {
    const size = 9;
    const random = createRandom(5);
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let j = i; j < size; j++) matrix[i * size + j] = matrix[j * size + i] = random.normal();
    const { values, vectorOf } = symmetricEigen(matrix, size);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(values.at(-1)).toBeLessThan(0); // negative ones are in order too
    values.forEach((value, rank) => {
      const vector = vectorOf(rank);
      expect(vector.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 10);
      for (let i = 0; i < size; i++) {
        const row = matrix.subarray(i * size, (i + 1) * size);
        expect(row.reduce((sum, x, j) => sum + x * vector[j], 0)).toBeCloseTo(value * vector[i], 9);
      }
    });
  });
});
