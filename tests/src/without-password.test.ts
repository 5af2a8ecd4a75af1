import { withoutPassword } from '../../src/config';

describe('withoutPassword', () => {
  it.each([
    ['postgresql://me:sec/ret@db:5432/shop', 'postgresql://me:…@db:5432/shop'],
    ['postgresql://me:sec@ret@db:5432/shop', 'postgresql://me:…@db:5432/shop'],
    ['postgresql://me:sec:ret@db:5432/shop', 'postgresql://me:…@db:5432/shop'],
    ['postgresql://me@db:5432/shop?password=secret&a=b', 'postgresql://me@db:5432/shop?password=…&a=b'],
    ['me:secret@db', 'me:…@db'],
  ])('hides the password of %s', (address, shown) => {
    expect(withoutPassword(address)).toBe(shown);
  });

  it.each(['postgresql://me@db:5432/shop', 'postgresql://db:5432/shop', 'file:./data/shop.db', 'http'])(
    'leaves %s as it is',
    (address) => {
      expect(withoutPassword(address)).toBe(address);
    },
  );
});
