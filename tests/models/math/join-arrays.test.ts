import { joinArrays } from '../../../models/math/join-arrays';

describe('joinArrays', () => {
  it('keeps the order of the arrays and their numbers', () => {
    const parts = [Int32Array.of(3, 1), new Int32Array(0), Int32Array.of(2)];
    expect(joinArrays(Int32Array, parts)).toEqual(Int32Array.of(3, 1, 2));
    expect(joinArrays(Float32Array, [])).toEqual(new Float32Array(0));
  });
});
