import { readPrice, readSeed, writePrice } from '../../../../../web/src/components/number-field/notation';

describe('readPrice', () => {
  it.each([
    ['1299', 1299],
    ['1234.5', 1234.5],
    ['1234,5', 1234.5],
    ['0.125', 0.125],
    ['1.2990', 1.299],
    ['1234.567', 1234.567],
    [' 7. ', 7],
    ['.99', 0.99],
  ])('reads %j as %d', (typed, number) => expect(readPrice(typed)).toEqual({ number, fault: null }));

  it.each(['1.299', '1,299'])('asks what %j means', (typed) =>
    expect(readPrice(typed)).toEqual({ number: null, fault: `Write 1299, or ${typed}0 if that is what you mean.` }),
  );

  it.each(['1.299,00', '1,234,5', '-3', '1e3', '0x10', '.', '7 €', '1234567890123456'])('refuses %j', (typed) =>
    expect(readPrice(typed)).toEqual({ number: null, fault: expect.stringContaining('such as 1234.50') }),
  );

  it('takes an empty text for none', () => expect(readPrice(' ')).toEqual({ number: null, fault: null }));
});

describe('writePrice', () => {
  it.each([0, 0.5, 7.5, 1000, 1.234, 1234.5678, 1_234_567.89])('writes %d so that it is read as the same', (price) =>
    expect(readPrice(writePrice(price)).number).toBe(price),
  );

  it('writes two decimals at least', () => expect(writePrice(7.5)).toBe('7.50'));
});

describe('readSeed', () => {
  it('takes digits alone', () => {
    expect(readSeed(' 42 ')).toEqual({ number: 42, fault: null });
    expect(readSeed('')).toEqual({ number: null, fault: null });
    for (const typed of ['1.5', '-1', '1e3', '2147483648']) expect(readSeed(typed).fault).toContain('whole number');
  });
});
