import { logSumExp } from '../../../models/math/log-sum-exp';

describe('logSumExp', () => {
  it('is the logarithm of the sum of the exponentials of the first values', () => {
    expect(logSumExp(Float64Array.of(Math.log(2), Math.log(6), 50), 2)).toBeCloseTo(Math.log(8), 12);
    expect(logSumExp(Float32Array.of(3))).toBe(3);
  });

  it('stays finite where the exponentials would not', () => {
    expect(logSumExp(Float64Array.of(1000, 1000))).toBeCloseTo(1000 + Math.LN2, 9);
    expect(logSumExp(Float64Array.of(-1e30, -1000))).toBe(-1000);
  });
});
