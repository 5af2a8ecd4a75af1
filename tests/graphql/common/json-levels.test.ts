import { levelsOf } from '../../../graphql/common/json-levels';

describe('levelsOf', () => {
  it('yields the lists and objects of each level, and no other values', () => {
    const inner = { deep: [] };
    const list = [1, null, inner, 'text'];
    expect([...levelsOf({ list, number: 2 })].map(({ depth, values }) => [depth, values])).toEqual([
      [0, [{ list, number: 2 }]],
      [1, [list]],
      [2, [inner]],
      [3, [[]]],
    ]);
  });
});
