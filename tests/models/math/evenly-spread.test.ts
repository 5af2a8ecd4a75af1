import { evenlySpread } from '../../../models/math/evenly-spread';

describe('evenlySpread', () => {
  it('takes values at equal steps, in their order', () => {
    expect(evenlySpread([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 2, 5, 7]);
  });

  it('takes all where there are not more', () => {
    expect(evenlySpread(['a', 'b'], 2)).toEqual(['a', 'b']);
    expect(evenlySpread([], 2)).toEqual([]);
  });
});
