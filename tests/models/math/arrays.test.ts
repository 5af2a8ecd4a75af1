import {
  isAmong,
  placeOf,
  chunksOf,
  evenlySpread,
  groupBy,
  joinArrays,
  GrowingArray,
} from '../../../models/math/arrays';

const LIST = Int32Array.of(2, 4, 4, 9);

describe('placeOf', () => {
  it('is the first place whose number is not below the value', () => {
    expect([1, 2, 3, 4, 5, 9, 10].map((value) => placeOf(LIST, value))).toEqual([0, 0, 1, 1, 3, 3, 4]);
    expect(placeOf(new Int32Array(0), 1)).toBe(0);
  });
});

describe('isAmong', () => {
  it('says whether the list has the value', () => {
    expect([1, 2, 3, 4, 9, 10].filter((value) => isAmong(LIST, value))).toEqual([2, 4, 9]);
  });
});

describe('chunksOf', () => {
  it('cuts a list into equal chunks and a shorter last one', () => {
    expect([...chunksOf([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
  });
});

describe('evenlySpread', () => {
  it('takes values at equal steps, in their order', () => {
    expect(evenlySpread([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 2, 5, 7]);
  });

  it('takes all where there are not more', () => {
    expect(evenlySpread(['a', 'b'], 2)).toEqual(['a', 'b']);
    expect(evenlySpread([], 2)).toEqual([]);
  });
});

describe('groupBy', () => {
  it('keeps the order of the values in each group, and of the groups by their first values', () => {
    const groups = groupBy(['bee', 'ant', 'bat', 'cow', 'asp'], (word) => word[0]);
    expect([...groups]).toEqual([
      ['b', ['bee', 'bat']],
      ['a', ['ant', 'asp']],
      ['c', ['cow']],
    ]);
  });
});

describe('joinArrays', () => {
  it('keeps the order of the arrays and their numbers', () => {
    const parts = [Int32Array.of(3, 1), new Int32Array(0), Int32Array.of(2)];
    expect(joinArrays(Int32Array, parts)).toEqual(Int32Array.of(3, 1, 2));
    expect(joinArrays(Float32Array, [])).toEqual(new Float32Array(0));
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
