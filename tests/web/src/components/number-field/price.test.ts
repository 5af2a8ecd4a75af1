import { readPrice, writePrice } from '../../../../../web/src/components/number-field/price';

describe('readPrice', () => {
  it.each([
    ['de-DE', '1.299,00', 1299],
    ['de-DE', '1.234.567,5', 1_234_567.5],
    ['de-DE', '1299', 1299],
    ['de-DE', '1234.5', 1234.5],
    ['de-DE', '12.50', 12.5],
    ['de-DE', '0.125', 0.125],
    ['de-DE', '1,299', 1.299],
    ['en-US', '1,234.50', 1234.5],
    ['en-US', '1,234', 1234],
    ['en-US', '1.299', 1.299],
    ['en-US', ' 7. ', 7],
    ['en-US', '.99', 0.99],
    ['en-US', '0', 0],
    ['fr-FR', '1 234,50', 1234.5],
    ['fr-FR', '1\u00a0234,50', 1234.5],
    ['de-CH', "1'234.50", 1234.5],
    ['de-CH', '1’234.50', 1234.5],
    ['es-ES', '1.234,50', 1234.5],
    ['en-IN', '12,34,567.5', 1_234_567.5],
    ['ar-EG', '١٬٢٣٤٫٥', 1234.5],
    ['ar-EG', '1234.5', 1234.5],
  ])('reads in %s %j as %d', (locale, typed, number) =>
    expect(readPrice(typed, locale)).toEqual({ number, fault: null }),
  );

  it.each([
    ['de-DE', '1.299', 'Is it 1.299,00 or 1,299?'],
    ['es-ES', '1.299', 'Is it 1299,00 or 1,299?'],
    ['de-DE', '1.23,5', 'Write a price such as 1.234,50.'],
    ['de-DE', '1.2.3', 'Write a price such as 1.234,50.'],
    ['en-US', '1.299,00', 'Write a price such as 1,234.50.'],
    ['en-US', '1,23', 'Write a price such as 1,234.50.'],
    ['en-US', '1,234,5', 'Write a price such as 1,234.50.'],
    ['en-US', '-3', 'Write a price such as 1,234.50.'],
    ['en-US', '1e3', 'Write a price such as 1,234.50.'],
    ['en-US', '0x10', 'Write a price such as 1,234.50.'],
    ['en-US', '.', 'Write a price such as 1,234.50.'],
    ['en-US', '7 €', 'Write a price such as 1,234.50.'],
    ['en-US', '1234567890123456', 'Write a price such as 1,234.50.'],
  ])('refuses in %s %j: %s', (locale, typed, fault) =>
    expect(readPrice(typed, locale)).toEqual({ number: null, fault }),
  );

  it('takes an empty text for none', () => expect(readPrice(' ')).toEqual({ number: null, fault: null }));
});

describe('writePrice', () => {
  it.each([
    ['en-US', 1234.5, '1,234.50'],
    ['de-DE', 1234.5, '1.234,50'],
    ['de-DE', 1299, '1.299,00'],
    ['en-US', 1.2345, '1.2345'],
  ])('writes in %s %d as %s', (locale, value, text) => expect(writePrice(value, locale)).toBe(text));

  it.each(['en-US', 'de-DE', 'de-CH', 'fr-FR', 'es-ES', 'en-IN', 'ar-EG', 'fa-IR', 'pl-PL', 'hi-IN'])(
    'writes in %s what is read as the same price',
    (locale) => {
      for (const price of [0, 0.5, 7.5, 1000, 1234.5678, 1_234_567.89]) {
        expect(readPrice(writePrice(price, locale), locale).number).toBe(price);
      }
    },
  );
});
