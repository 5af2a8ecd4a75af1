import { numberOf } from '../../../../../web/src/components/number-field/number-of';

describe('numberOf', () => {
  it.each([
    ['7.', 7],
    ['0.', 0],
    ['7.50', 7.5],
    ['12345678901234', 12345678901234],
    [0.99, 0.99],
    ['', null],
    [' ', null],
    ['-', null],
    ['-.', null],
  ])('takes %j for %j', (typed, number) => expect(numberOf(typed)).toBe(number));
});
