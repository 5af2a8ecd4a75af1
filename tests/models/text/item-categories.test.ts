import { itemCategories } from '../../../models/text/item-categories';

describe('itemCategories', () => {
  it('takes the first level at which items differ, and the one below', () => {
    const paths = [
      ['Beauty', 'Hair', 'Shampoo'],
      ['Beauty', 'Nails', 'Polish'],
      ['Beauty', 'Hair', 'Combs'],
    ];
    expect(itemCategories(paths)).toEqual([Int32Array.of(0, 1, 0), Int32Array.of(0, 1, 2)]);
  });

  it('gives items whose path is shorter −1, and keeps one that ends at the first level apart from those below it', () => {
    expect(itemCategories([['a', 'b'], ['a'], [], ['a', 'c']])).toEqual([Int32Array.of(0, -1, -1, 1)]);
    const [, fine] = itemCategories([['a'], ['b', 'x'], ['a', 'x'], ['a'], []]);
    expect(fine).toEqual(Int32Array.of(0, 1, 2, 0, -1));
  });

  it('has no level where no level tells items apart', () => {
    expect(itemCategories([['a'], ['a'], []])).toEqual([]);
    expect(itemCategories([[], []])).toEqual([]);
  });
});
