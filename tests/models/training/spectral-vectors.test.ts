import { splitLog } from '../../../models/data/interactions';
import { countNeighbours } from '../../../models/data/neighbours';
import { symmetricEigen } from '../../../models/math/eigen';
import { createRandom } from '../../../models/math/random';
import { spectralVectors } from '../../../models/training/spectral-vectors';
import { logOf, walkingLog } from '../../support/little-log';

const NUM_ITEMS = 30;
const random = createRandom(2);
const LOG = logOf(
  Array.from({ length: 60 }, () => Array.from({ length: 9 }, () => [random.int(random.int(NUM_ITEMS) + 1)])),
);
const SPLIT = splitLog(LOG);

/** The whole matrix of neighbour cosines; float64 `[N, N]`. */
function cosines(): Float64Array {
  const { popularity, near } = countNeighbours(LOG, SPLIT, NUM_ITEMS);
  const matrix = new Float64Array(NUM_ITEMS * NUM_ITEMS);
  for (const [item, row] of near)
    for (const [other, weight] of row)
      matrix[item * NUM_ITEMS + other] = weight / Math.sqrt(popularity[item] * popularity[other]);
  return matrix;
}

function dot(vectors: Float32Array, size: number, a: number, b: number): number {
  let sum = 0;
  for (let d = 0; d < size; d++) sum += vectors[a * size + d] * vectors[b * size + d];
  return sum;
}

describe('spectralVectors', () => {
  it('has dot products in proportion to the best approximation of the neighbour cosines of its rank', () => {
    const size = 6;
    const vectors = spectralVectors(LOG, SPLIT, NUM_ITEMS, size, 1);
    const { values, vectorOf } = symmetricEigen(cosines(), NUM_ITEMS);
    const strongest = Array.from({ length: size }, (_, d) => ({ value: Math.max(0, values[d]), vector: vectorOf(d) }));
    const best = (a: number, b: number) =>
      strongest.reduce((sum, { value, vector }) => sum + value * vector[a] * vector[b], 0);
    const scale = dot(vectors, size, 1, 1) / best(1, 1);
    for (let a = 0; a < NUM_ITEMS; a++)
      for (let b = 0; b < NUM_ITEMS; b++)
        expect(Math.abs(dot(vectors, size, a, b) / scale - best(a, b))).toBeLessThan(1e-2);
  });

  it('has rows of length 1 on average, and zeros for an item that nobody bought', () => {
    const vectors = spectralVectors(LOG, SPLIT, NUM_ITEMS + 1, 8, 1);
    const lengths = Array.from({ length: NUM_ITEMS + 1 }, (_, item) => Math.sqrt(dot(vectors, 8, item, item)));
    expect(lengths.reduce((a, b) => a + b, 0) / lengths.length).toBeCloseTo(1, 3);
    expect(lengths[NUM_ITEMS]).toBeLessThan(1e-6);
  });

  it('leaves the directions that there are no items for at zero', () => {
    const vectors = spectralVectors(walkingLog(4, 5, 3), splitLog(walkingLog(4, 5, 3)), 3, 8, 1);
    expect(vectors).toHaveLength(3 * 8);
    expect(Array.from(vectors).every(Number.isFinite)).toBe(true);
  });
});
