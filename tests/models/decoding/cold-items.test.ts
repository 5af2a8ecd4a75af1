import { nearestItems, withReserved } from '../../../models/decoding/cold-items';

describe('nearestItems', () => {
  const query = Float32Array.of(1, 0);
  const directions = new Map([
    [1, Float32Array.of(0.6, 0.8)],
    [2, Float32Array.of(1, 0)],
    [3, Float32Array.of(-1, 0)],
  ]);

  it('gives the nearest with their cosines, nearest first, and takes an item without a direction for one at right angles', () => {
    const nearest = nearestItems(query, Int32Array.of(1, 2, 3, 4), directions, 3);
    expect(nearest.map(({ itemId }) => itemId)).toEqual([2, 1, 4]);
    expect(nearest.map(({ nearness }) => nearness)).toEqual([1, expect.closeTo(0.6, 6), 0]);
  });

  it('looks at the given items alone, of which there may be fewer than asked for', () => {
    expect(nearestItems(query, Int32Array.of(3), directions, 5)).toEqual([{ itemId: 3, nearness: -1 }]);
  });
});

const items = (...ids: number[]) => ids.map((itemId) => ({ itemId }));

describe('withReserved', () => {
  const main = items(1, 2, 3, 4, 5, 6);

  it('spreads the reserved items evenly, the last at the end', () => {
    expect(withReserved(main, items(8, 9), 4)).toEqual(items(1, 8, 2, 9));
    expect(withReserved(main, items(9), 4)).toEqual(items(1, 2, 3, 9));
  });

  it('has no item twice', () => {
    expect(withReserved(main, items(2), 4)).toEqual(items(1, 3, 4, 2));
  });

  it('is never longer than asked for, however many are reserved', () => {
    expect(withReserved(main, items(7, 8, 9), 2)).toHaveLength(2);
    expect(withReserved(items(1), items(9), 4)).toEqual(items(1, 9));
  });
});
