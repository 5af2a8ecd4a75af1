import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';

import { createRandom, type Random } from '../../../models/math/random';
import {
  drawByWeight,
  kmeans,
  nearestVectors,
  residualKmeans,
  subtractVectors,
  quantise,
} from '../../../models/semantic-id/kmeans';
import { assignCodes } from '../../../models/semantic-id/quantizer';
import { clusteredPoints } from '../../support/clustered-points';

/** Draws what is listed, as a share of what is drawn from, again and again. */
function fixedRandom(...shares: number[]): Random {
  let at = 0;
  const next = () => shares[at++ % shares.length];
  const random: Random = {
    next,
    int: (n) => Math.floor(next() * n),
    normal: next,
    shuffle: () => undefined,
    fork: () => random,
  };
  return random;
}

/** The least inertia of any split into k groups, by trying all. */
function leastInertia(points: readonly (readonly number[])[], k: number): number {
  let least = Infinity;
  for (let split = 0; split < k ** points.length; split++) {
    let inertia = 0;
    for (let c = 0; c < k; c++) {
      const group = points.filter((_, i) => Math.floor(split / k ** i) % k === c);
      const mean = [0, 1].map((d) => group.reduce((sum, p) => sum + p[d], 0) / group.length);
      for (const p of group) inertia += (p[0] - mean[0]) ** 2 + (p[1] - mean[1]) ** 2;
    }
    least = Math.min(least, inertia);
  }
  return least;
}

describe('kmeans', () => {
  it('finds the best of all splits of a few points', () => {
    const points = [[0, 0], [0, 1], [1, 0], [9, 9], [9, 8], [5, 0], [5, 1]]; // prettier-ignore
    const best = leastInertia(points, 3);
    const found = Array.from({ length: 5 }, (_, seed) =>
      kmeans(Float32Array.from(points.flat()), 2, 3, createRandom(seed)),
    );
    // One start may end in a local optimum; of five the best must be the optimum, and none may be below it.
    expect(Math.min(...found.map(({ inertia }) => inertia))).toBeCloseTo(best, 5);
    for (const { inertia } of found) expect(inertia).toBeGreaterThan(best - 1e-6);
  });

  it('leaves no cluster empty where there are points enough', () => {
    const point = fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 }));
    fc.assert(
      fc.property(
        fc.uniqueArray(point, { minLength: 4, maxLength: 30, selector: String }),
        fc.nat(),
        (points, seed) => {
          const { assignments } = kmeans(Float32Array.from(points.flat()), 2, 4, createRandom(seed));
          expect(new Set(assignments).size).toBe(4);
        },
      ),
    );
  });

  it('puts its centroids at the means of their points, and each point to its nearest', () => {
    const points = clusteredPoints({ n: 200, dims: 3, clusters: 4, seed: 2 });
    const { centroids, assignments, inertia } = kmeans(points, 3, 4, createRandom(1));
    for (let c = 0; c < 4; c++) {
      const members = Array.from(assignments.keys()).filter((i) => assignments[i] === c);
      for (let d = 0; d < 3; d++) {
        const mean = members.reduce((sum, i) => sum + points[i * 3 + d], 0) / members.length;
        expect(centroids[c * 3 + d]).toBeCloseTo(mean, 4);
      }
    }
    const { indices, distances } = nearestVectors(points, centroids, 3);
    expect([...assignments]).toEqual([...indices]);
    expect(inertia).toBeCloseTo(
      distances.reduce((a, b) => a + b, 0),
      6,
    );
  });

  it('goes on from a bad start until nothing moves', () => {
    // Starts at 0, then draws 9 (its share of the squares 1, 81, 100 reaches from .005 to .45): {0, 1} and {9, 10}.
    const { centroids, assignments, inertia } = kmeans(Float32Array.of(0, 1, 9, 10), 1, 2, fixedRandom(0, 0.3));
    expect([...centroids]).toEqual([0.5, 9.5]);
    expect([...assignments]).toEqual([0, 0, 1, 1]);
    expect(inertia).toBeCloseTo(1, 10);
    // Starts at 0, then draws 1: first {0} and {1, 9, 10}, whose mean is 6.67; then 1 is nearer to 0.
    expect([...kmeans(Float32Array.of(0, 1, 9, 10), 1, 2, fixedRandom(0, 0)).centroids]).toEqual([0.5, 9.5]);
  });

  it('starts a cluster that loses its points anew, at the point that is worst explained', () => {
    // Starts at 3, 6 and 27: {3}, {6, 16}, {17, 18, 27}. From their means 3, 11 and 20.67 nothing is nearest to 11, and 27 is worst off.
    const points = Float32Array.of(3, 6, 16, 17, 18, 27);
    const { centroids, assignments, inertia } = kmeans(points, 1, 3, fixedRandom(0, 0, 0.9));
    expect([...centroids]).toEqual([4.5, 27, 17]);
    expect([...assignments]).toEqual([0, 0, 2, 2, 2, 1]);
    expect(inertia).toBeCloseTo(2 * 1.5 ** 2 + 2, 10);
    // Wherever the worst one stands.
    const mixed = kmeans(Float32Array.of(3, 6, 16, 27, 17, 18), 1, 3, fixedRandom(0, 0, 0.5));
    expect([...mixed.centroids]).toEqual([4.5, 27, 17]);
    expect([...mixed.assignments]).toEqual([0, 0, 2, 1, 2, 2]);
  });

  it('copes with fewer distinct points than clusters', () => {
    const { assignments, centroids, inertia } = kmeans(Float32Array.of(1, 1, 1, 5), 1, 3, createRandom(1));
    expect([...centroids].filter((centroid) => centroid !== 1 && centroid !== 5)).toEqual([]);
    expect(inertia).toBe(0);
    expect(assignments[0]).toBe(assignments[2]);
    expect(assignments[0]).not.toBe(assignments[3]);
  });

  it('draws its starts in proportion to their squared distances', () => {
    // From (0, 0) the others are at 25 and 100: a share of .19 is in the first fifth, one of .21 is not.
    const points = Float32Array.of(0, 0, 3, 4, 6, 8);
    const start = (share: number) => [...kmeans(points, 2, 2, fixedRandom(0, share)).centroids];
    expect(start(0.19)).toEqual([0, 0, 4.5, 6]);
    expect(start(0.21)).toEqual([1.5, 2, 6, 8]); // (3, 4) is equally near to both: the lower wins
  });

  it('starts at every point where there are as many clusters', () => {
    // From 10: 100, 81 and 1, of which .99 is in the second; then 1 and 1 are left, then 1.
    const { centroids, inertia } = kmeans(Float32Array.of(0, 1, 9, 10), 1, 4, fixedRandom(0.99));
    expect([[...centroids], inertia]).toEqual([[10, 1, 9, 0], 0]);
    expect([...kmeans(Float32Array.of(2, 5), 2, 1, fixedRandom(0)).centroids]).toEqual([2, 5]);
  });
});

describe('residualKmeans', () => {
  it('makes codebooks of which each explains more of what the ones before leave', () => {
    const points = clusteredPoints({ n: 300, dims: 4, clusters: 20, seed: 4 });
    const codebooks = residualKmeans(points, 4, { numLevels: 3, codebookSize: 8 }, createRandom(1));
    expect(codebooks.map(({ length }) => length)).toEqual([32, 32, 32]);
    const residuals = points.slice();
    let before = Infinity;
    codebooks.forEach((codebook) => {
      const { indices, distances } = nearestVectors(residuals, codebook, 4);
      residuals.forEach((_, j) => (residuals[j] -= codebook[indices[Math.floor(j / 4)] * 4 + (j % 4)]));
      const left = distances.reduce((a, b) => a + b, 0);
      expect(left).toBeLessThan(before);
      before = left;
    });
  });
});

describe('nearestVectors', () => {
  it('equals a search one by one, the lower index winning a tie', () => {
    expect([...nearestVectors(Float32Array.of(0.5, 2), Float32Array.of(0, 1, 1), 1).indices]).toEqual([0, 1]);
    const points = clusteredPoints({ n: 600, dims: 5, clusters: 600, seed: 5 });
    const vectors = clusteredPoints({ n: 7, dims: 5, clusters: 7, seed: 6 });
    const { indices, distances } = nearestVectors(points, vectors, 5);
    for (let i = 0; i < 600; i++) {
      const all = Array.from({ length: 7 }, (_, c) =>
        [0, 1, 2, 3, 4].reduce((sum, d) => sum + (points[i * 5 + d] - vectors[c * 5 + d]) ** 2, 0),
      );
      expect(all[indices[i]]).toBeCloseTo(Math.min(...all), 6);
      expect(distances[i]).toBeCloseTo(Math.min(...all), 4);
    }
  });
});

describe('subtractVectors', () => {
  it('takes from each point the vector that was chosen for it', () => {
    const points = Float32Array.of(1, 2, 3, 4);
    subtractVectors(points, Float32Array.of(9, 9, 1, 0.5), 2, Int32Array.of(1, 0));
    expect([...points]).toEqual([0, 1.5, -6, -5]);
  });
});

describe('drawByWeight', () => {
  it('gives each index the stretch of its weight', () => {
    // Eighths: index 1 has [0, 2), index 2 has [2, 5), index 4 the rest.
    const draw = (share: number) => drawByWeight(Float64Array.of(0, 2, 3, 0, 3), fixedRandom(share));
    expect([0, 0.24, 0.25, 0.62, 0.625, 0.99].map(draw)).toEqual([1, 1, 2, 2, 4, 4]);
    expect(drawByWeight(Float64Array.of(1, 1, 0), fixedRandom(1))).toBe(1); // rounding may leave nothing to draw from
  });
});

describe('quantise', () => {
  it('picks the nearest code of what is left, level by level', () => {
    const codebooks = [Float32Array.of(0, 0, 10, 0), Float32Array.of(1, 1, -1, 0, 0, 3)];
    // (9, 0) is nearest to (10, 0), which leaves (−1, 0): code 1. (1, 3) is nearest to (0, 0); of (1, 3), (0, 3) is nearest.
    const { codes, residuals } = quantise(Float32Array.of(9, 0, 1, 3), 2, codebooks);
    expect([...codes]).toEqual([1, 1, 0, 2]);
    expect([...residuals]).toEqual([0, 0, 1, 0]);
  });

  it('picks the codes that the tensor code picks', () => {
    const random = createRandom(2);
    const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal());
    const [latents, codebooks] = [normals(50 * 6), [normals(8 * 6), normals(5 * 6), normals(8 * 6)]];
    const before = latents.slice();
    const tensors = codebooks.map((codebook) => tf.tensor2d(codebook, [codebook.length / 6, 6]));
    const expected = assignCodes(tf.tensor2d(latents, [50, 6]), tensors).dataSync();
    expect([...quantise(latents, 6, codebooks).codes]).toEqual([...expected]);
    expect(latents).toEqual(before);
  });
});
