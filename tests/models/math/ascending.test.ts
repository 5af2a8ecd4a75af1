import { isAmong, placeOf } from '../../../models/math/ascending';

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
