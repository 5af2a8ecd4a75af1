import { symmetricEigen } from '../../../models/math/eigen';
import { createRandom } from '../../../models/math/random';

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
