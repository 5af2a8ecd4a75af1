import { itemCategories } from '../../src/item-categories';

describe('itemCategories', () => {
  it('takes the first level at which items differ', () => {
    const paths = [
      ['Beauty', 'Hair', 'Shampoo'],
      ['Beauty', 'Nails', 'Polish'],
      ['Beauty', 'Hair', 'Combs'],
    ];
    expect(itemCategories(paths)).toEqual(Int32Array.of(0, 1, 0));
  });

  it('gives items whose path is shorter −1', () => {
    expect(itemCategories([['a', 'b'], ['a'], [], ['a', 'c']])).toEqual(Int32Array.of(0, -1, -1, 1));
  });

  it('is null where no level tells items apart', () => {
    expect(itemCategories([['a'], ['a'], []])).toBeNull();
    expect(itemCategories([[], []])).toBeNull();
  });
});
