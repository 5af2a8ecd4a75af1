import { ItemRows } from '../../../models/serving/item-rows';

describe('ItemRows', () => {
  it('finds the row of an item, the first of which is 1', () => {
    const rows = new ItemRows(Int32Array.of(7, -2, 3, 0, -5, 9));
    expect([7, 3, 0, 9].map((itemId) => rows.get(itemId))).toEqual([1, 3, 4, 6]);
  });

  it('finds no row of an item that is not known, or of which nothing was learned', () => {
    const rows = new ItemRows(Int32Array.of(7, -2, 3));
    expect([-2, 2, 4, 8].map((itemId) => rows.get(itemId))).toEqual([undefined, undefined, undefined, undefined]);
    expect(new ItemRows(new Int32Array(0)).get(1)).toBeUndefined();
  });
});
