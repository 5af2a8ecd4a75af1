import { GrowingArray } from '../../../models/math/growing-array';

describe('GrowingArray', () => {
  it('keeps all numbers in their order, and has just room for them', () => {
    const array = new GrowingArray(Float64Array);
    for (let n = 0; n < 5_000; n++) array.push(n / 3);
    const values = array.values();
    expect(values).toEqual(Float64Array.from({ length: 5_000 }, (_, n) => n / 3));
    expect(values.buffer.byteLength).toBe(8 * 5_000);
  });

  it('is empty at first', () => {
    expect(new GrowingArray(Int32Array).values()).toHaveLength(0);
  });
});
