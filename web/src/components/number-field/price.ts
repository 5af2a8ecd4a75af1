/** Prices as a person types them: as their browser's language writes numbers, or plainly, such as `1234.5`. */
import type { Notation, Reading } from './notation';

/** A number of more digits may be read as another one near by. */
const MAX_DIGITS = 15;

/**
 * @param locale - Absent: the browser's.
 * @returns The one number that the text can mean. In German `1.299` can mean two, and is a fault.
 */
export function readPrice(typed: string, locale?: string): Reading {
  const text = typed.trim();
  if (text === '') return { number: null, fault: null };
  const meanings = [localMeaning(text, locale), plainMeaning(text)].filter((meaning) => meaning !== null);
  const [number, other = number] = meanings;
  if (number !== undefined && number === other) return { number, fault: null };
  const example = writePrice(1234.5, locale);
  if (number === undefined) return { number: null, fault: `Write a price such as ${example}.` };
  return { number: null, fault: `Is it ${writePrice(number, locale)} or ${writePrice(other, locale)}?` };
}

/** @returns All digits of a price, as the language writes them; at least two behind the point. */
export function writePrice(value: number, locale?: string): string {
  return new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 20 }).format(value);
}

export const PRICE: Notation = { read: readPrice, write: writePrice };

function plainMeaning(text: string): number | null {
  if (!/^(\d+\.?\d*|\.\d+)$/.test(text)) return null;
  const digits = text.replace('.', '').replace(/^0+/, '');
  return digits.length > MAX_DIGITS ? null : Number(text);
}

function localMeaning(typed: string, locale?: string): number | null {
  const language = new Intl.NumberFormat(locale, { useGrouping: 'always' });
  const parts = language.formatToParts(12_345.6);
  const [group, decimal] = (['group', 'decimal'] as const).map((type) =>
    spelled(parts.find((part) => part.type === type)!.value, locale),
  );
  const [whole, ...fractions] = spelled(typed, locale).split(decimal);
  const digits = whole.replaceAll(group, '');
  // A mark between other digits than the language groups was meant as something else.
  if (whole !== digits && whole !== spelled(language.format(Number(digits)), locale)) return null;
  return plainMeaning([digits, ...fractions].join('.'));
}

/** @returns The text in one spelling: with digits from 0 to 9, and the space and the apostrophe that keyboards have. */
function spelled(text: string, locale?: string): string {
  const digits = [...new Intl.NumberFormat(locale, { useGrouping: false }).format(9_876_543_210)].reverse();
  const latin = Array.from(text, (sign) => (digits.includes(sign) ? String(digits.indexOf(sign)) : sign)).join('');
  return latin.replace(/\s/g, ' ').replace(/[’‘]/g, "'");
}
