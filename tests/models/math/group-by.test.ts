import { groupBy } from '../../../models/math/group-by';

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
