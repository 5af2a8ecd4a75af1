import { withReserved } from '../../../models/decoding/reserved-places';

const items = (...ids: number[]) => ids.map((itemId) => ({ itemId }));

describe('withReserved', () => {
  const main = items(1, 2, 3, 4, 5, 6);

  it('spreads the reserved items evenly, the last at the end', () => {
    expect(withReserved(main, items(8, 9), 4)).toEqual(items(1, 8, 2, 9));
    expect(withReserved(main, items(9), 4)).toEqual(items(1, 2, 3, 9));
  });

  it('leaves the list as it is when nothing is reserved', () => {
    expect(withReserved(main, [], 4)).toEqual(items(1, 2, 3, 4));
  });

  it('has no item twice', () => {
    expect(withReserved(main, items(2), 4)).toEqual(items(1, 3, 4, 2));
  });

  it('is never longer than asked for, however many are reserved', () => {
    expect(withReserved(main, items(7, 8, 9), 2)).toHaveLength(2);
    expect(withReserved(items(1), items(9), 4)).toEqual(items(1, 9));
  });
});
