import fc from 'fast-check';

import { multiplyTransposed, transpose } from '../../../models/math/host-matrix';
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

describe('transpose', () => {
  it('turns rows into columns', () => {
    expect([...transpose(Float32Array.of(1, 2, 3, 4, 5, 6), 2)]).toEqual([1, 4, 2, 5, 3, 6]);
  });
});
