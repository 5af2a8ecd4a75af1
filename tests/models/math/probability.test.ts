import { logSumExp, wilsonBound } from '../../../models/math/probability';

describe('logSumExp', () => {
  it('is the logarithm of the sum of the exponentials of the first values', () => {
    expect(logSumExp(Float64Array.of(Math.log(2), Math.log(6), 50), 2)).toBeCloseTo(Math.log(8), 12);
    expect(logSumExp(Float32Array.of(3))).toBe(3);
  });
});

describe('wilsonBound', () => {
  it('gives the interval of a share', () => {
    // 10 of 100: (.1 + .019208 ± 1.96 · √(.0009 + .00009604)) / 1.038416
    expect(wilsonBound(0.1, 100, -1)).toBeCloseTo(0.0552, 4);
    expect(wilsonBound(0.1, 100, 1)).toBeCloseTo(0.1744, 4);
  });

  it.each([1, 3, 30, 1000])('stays within 0 and 1 where none, or all, of %i are hit', (count) => {
    expect([wilsonBound(0, count, -1), wilsonBound(1, count, 1)]).toEqual([
      expect.closeTo(0, 12),
      expect.closeTo(1, 12),
    ]);
    expect(wilsonBound(0, count, -1)).toBeGreaterThanOrEqual(0);
    expect(wilsonBound(1, count, 1)).toBeLessThanOrEqual(1);
  });
});
