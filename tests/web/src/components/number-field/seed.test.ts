import { readSeed } from '../../../../../web/src/components/number-field/seed';

describe('readSeed', () => {
  it.each([
    ['', null],
    [' 7 ', 7],
    ['2147483647', 2_147_483_647],
  ])('reads %j as %j', (typed, number) => expect(readSeed(typed)).toEqual({ number, fault: null }));

  it.each(['1,5', '1.5', '-3', '1e3', '2147483648'])('refuses %j', (typed) =>
    expect(readSeed(typed)).toEqual({ number: null, fault: 'Write a whole number from 0 to 2147483647.' }),
  );
});
