import { itemIdsByRow, KnownItems } from '../../../models/checkpoint/known-items';

const items = (...ids: number[]) => ({
  tensors: { 'semantic-ids': { items: { shape: [ids.length], data: Int32Array.from(ids) } } },
});

describe('itemIdsByRow', () => {
  it('has the ids in the order of the rows, and none where the checkpoint names none', () => {
    expect([...itemIdsByRow(items(7, -2, 3))]).toEqual([7, -2, 3]);
    expect([...itemIdsByRow({ tensors: {} })]).toEqual([]);
    expect([...itemIdsByRow({ tensors: { 'semantic-ids': {} } })]).toEqual([]);
  });
});

describe('KnownItems', () => {
  it('knows the items of a checkpoint in any order, but not those of which nothing was learned', () => {
    const known = KnownItems.of(items(70, -2, 3, 0, 12));
    expect([0, 3, 12, 70].every((itemId) => known.has(itemId))).toBe(true);
    expect([-2, 1, 2, 13, 69, 71].some((itemId) => known.has(itemId))).toBe(false);
  });
});
