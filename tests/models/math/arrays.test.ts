import { placeOf, GrowingArray } from '../../../models/math/arrays';

const LIST = Int32Array.of(2, 4, 4, 9);

describe('placeOf', () => {
  it('is the first place whose number is not below the value', () => {
    expect([1, 2, 3, 4, 5, 9, 10].map((value) => placeOf(LIST, value))).toEqual([0, 0, 1, 1, 3, 3, 4]);
    expect(placeOf(new Int32Array(0), 1)).toBe(0);
  });
});

describe('GrowingArray', () => {
  it('keeps all numbers in their order, and has just room for them', () => {
    const array = new GrowingArray(Float64Array);
    for (let n = 0; n < 5_000; n++) array.push(n / 3);
    const values = array.values();
    expect(values).toEqual(Float64Array.from({ length: 5_000 }, (_, n) => n / 3));
    expect(values.buffer.byteLength).toBe(8 * 5_000);
  });
});
