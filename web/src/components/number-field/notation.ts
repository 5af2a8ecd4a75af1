export interface Reading {
  /** Null: the field is empty, or what was typed is no such number. */
  readonly number: number | null;
  /** Why it is none, for people; null when nothing is wrong. */
  readonly fault: string | null;
}

export interface Notation {
  read(typed: string): Reading;
  /** @returns A text that reads as the same number. */
  write(value: number): string;
}

/** A number of more digits may be read as another one near by. */
const MAX_DIGITS = 15;
const PRICE_TEXT = /^(\d+[.,]?\d*|[.,]\d+)$/;
/** Means thousands to one reader and thousandths to another. */
const AMBIGUOUS = /^[1-9]\d{0,2}[.,]\d{3}$/;

/** @returns The price; a point or a comma stands before the decimals, and nothing between the thousands. */
export function readPrice(typed: string): Reading {
  const text = typed.trim();
  if (text === '') return { number: null, fault: null };
  if (AMBIGUOUS.test(text)) {
    const whole = text.replace(/[.,]/, '');
    return { number: null, fault: `Write ${whole}, or ${text}0 if that is what you mean.` };
  }
  const digits = text.replace(/[.,]/, '').replace(/^0+/, '');
  if (!PRICE_TEXT.test(text) || digits.length > MAX_DIGITS) {
    return { number: null, fault: 'Write a price such as 1234.50, without marks between the thousands.' };
  }
  return { number: Number(text.replace(',', '.')), fault: null };
}

/** @returns All digits of a price with at least two decimals, as `readPrice` reads them. */
export function writePrice(value: number): string {
  const [whole, decimals = ''] = String(value).split('.');
  const padded = decimals.padEnd(2, '0');
  return `${whole}.${padded.length === 3 ? `${padded}0` : padded}`;
}

export const PRICE: Notation = { read: readPrice, write: writePrice };

/** The greatest `Int` of GraphQL. */
const MAX_SEED = 2_147_483_647;

export function readSeed(typed: string): Reading {
  const text = typed.trim();
  if (text === '') return { number: null, fault: null };
  if (/^\d+$/.test(text) && Number(text) <= MAX_SEED) return { number: Number(text), fault: null };
  return { number: null, fault: `Write a whole number from 0 to ${MAX_SEED}.` };
}

export const SEED: Notation = { read: readSeed, write: String };
