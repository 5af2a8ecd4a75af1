import { createRandom } from '../../../models/math/random';
import { principalAxes, whiten, type Whitening, whiteningBy } from '../../../models/text/whitening';

const DIMS = 6;

const fitWhitening = (vectors: Float32Array, dims: number, featureSize: number): Whitening =>
  whiteningBy(principalAxes(vectors, dims)!, featureSize);

/** Correlated and off centre: two random vectors of such rows have a high cosine. */
function cone(n: number): Float32Array {
  const random = createRandom(1);
  const mixing = Array.from({ length: DIMS * DIMS }, () => random.normal());
  const rows = Array.from({ length: n }, () => {
    const source = Array.from({ length: DIMS }, (_, d) => random.normal() * (d + 1));
    return Array.from({ length: DIMS }, (_, d) => 20 + source.reduce((sum, x, s) => sum + x * mixing[s * DIMS + d], 0));
  });
  return Float32Array.from(rows.flat());
}

describe('whiteningBy', () => {
  it.each([DIMS, 3])('gives %i features mean 0 and identity covariance', (featureSize) => {
    const vectors = cone(400);
    const features = whiten(fitWhitening(vectors, DIMS, featureSize), vectors);
    for (let a = 0; a < featureSize; a++) {
      const column = (f: number) => Array.from({ length: 400 }, (_, row) => features[row * featureSize + f]);
      expect(column(a).reduce((sum, x) => sum + x, 0) / 400).toBeCloseTo(0, 4);
      for (let b = 0; b < featureSize; b++) {
        const other = column(b);
        const covariance = column(a).reduce((sum, x, row) => sum + x * other[row], 0) / 400;
        expect(covariance).toBeCloseTo(a === b ? 1 : 0, 3);
      }
    }
  });

  it('shrinks to the directions in which the vectors vary', () => {
    // Four points span three directions; in the plane only two.
    expect(fitWhitening(cone(4), DIMS, DIMS).components).toHaveLength(3 * DIMS);
    const plane = Float32Array.from({ length: 30 }, (_, i) => (i % 3 === 2 ? 5 : Math.sin(i)));
    expect(fitWhitening(plane, 3, 3).components).toHaveLength(2 * 3);
  });
});

describe('principalAxes', () => {
  it('finds the same axes by the vectors, where they are fewer than their dimensions, as by the dimensions', () => {
    const few = cone(4);
    const repeated = Float32Array.from([few, few, few].flatMap((rows) => [...rows]));
    const [byVectors, byDimensions] = [few, repeated].map((vectors) => fitWhitening(vectors, DIMS, 3).components);
    byVectors.forEach((x, i) => expect(x).toBeCloseTo(byDimensions[i], 5));
  });
});
