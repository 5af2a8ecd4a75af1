/** Decorators that limit arguments. Their messages complete `name: expected …, got …`. */
import { ArrayMaxSize, ArrayMinSize, Length, length, Max, MaxDate, Min, MinDate, ValidateBy } from 'class-validator';

import { MAX_CODE, MAX_CODES, MAX_ID, MAX_SHELVES, MAX_URL } from './limits';

/** Allows numbers from `low` to `high`, both included. */
export function InRange(low: number, high: number, { each = false } = {}): PropertyDecorator {
  const message = `expected ${each ? 'numbers' : 'a number'} from ${low} to ${high}`;
  return both(Min(low, { message, each }), Max(high, { message, each }));
}

/** Allows strings of `shortest` to `longest` characters. */
export function TextLength(shortest: number, longest: number, { each = false } = {}): PropertyDecorator {
  const message = `expected ${each ? 'texts' : 'a text'} of ${shortest} to ${longest} characters`;
  return Length(shortest, longest, { message, each });
}

export type PlainJson = string | number | boolean;

/** Allows JSON that is no list and no object. */
export function PlainValue({ each = false } = {}): PropertyDecorator {
  const validate = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
  const message = `expected ${each ? 'texts, numbers or truth values' : 'a text, a number or a truth value'}`;
  return ValidateBy({ name: 'plainValue', validator: { validate } }, { message, each });
}

/** Whether a text has more characters than `TextLength` would allow. */
export function isLongerThan(text: string, longest: number): boolean {
  return text.length > longest && !length(text, 0, longest); // a character is one unit of `length`, or two
}

/** The texts that a field allows. */
export interface TextRule {
  /** Completes `expected …`. */
  readonly expected: string;
  readonly allows: (text: string) => boolean;
}

/** A browser follows no other address to a page or a picture: `javascript:` would run in the page that shows it. */
export const WEB_ADDRESS: TextRule = {
  expected: `an address of at most ${MAX_URL} characters that begins with https:// or http://`,
  allows: (text) =>
    !isLongerThan(text, MAX_URL) && URL.canParse(text) && ['https:', 'http:'].includes(new URL(text).protocol),
};

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

export const CURRENCY: TextRule = {
  expected: 'a currency code of ISO 4217, such as EUR',
  allows: (text) => CURRENCIES.has(text),
};

export const GROUP_ID: TextRule = {
  expected: `an ID of 1 to ${MAX_ID} characters`,
  allows: (text) => text.trim() !== '' && !isLongerThan(text, MAX_ID),
};

export function Allowed({ expected, allows }: TextRule): PropertyDecorator {
  const validator = { validate: (value: unknown) => typeof value === 'string' && allows(value) };
  return ValidateBy({ name: 'allowed', validator }, { message: `expected ${expected}` });
}

/** Both databases keep these times, and four digits write their years. */
export const EARLIEST = new Date('1000-01-01T00:00:00.000Z');
export const LATEST = new Date('9999-12-31T23:59:59.999Z');

/** Whether `InTime` allows a time, in milliseconds since 1970. */
export function isInTime(timeMs: number): boolean {
  return timeMs >= EARLIEST.getTime() && timeMs <= LATEST.getTime();
}

/** Allows times from the year 1000 to the year 9999. */
export function InTime(): PropertyDecorator {
  const message = 'expected a time of the years 1000 to 9999';
  return both(MinDate(EARLIEST, { message }), MaxDate(LATEST, { message }));
}

/** Clocks differ, and programs write the time of one zone as that of another. */
const MAX_AHEAD_MS = 24 * 60 * 60 * 1000;

/** Whether something may have happened at a time, in milliseconds since 1970. Later events would stay the newest of their histories. */
export function hasCome(timeMs: number): boolean {
  return timeMs <= Date.now() + MAX_AHEAD_MS;
}

/** Allows lists of `fewest` to `most` entries. */
export function ListLength(fewest: number, most: number): PropertyDecorator {
  const message = `expected ${fewest} to ${most} entries`;
  return both(ArrayMinSize(fewest, { message }), ArrayMaxSize(most, { message }));
}

/** Allows the first codes of a semantic ID: at least `fewest` of them. */
export function CodeList(fewest: number): PropertyDecorator {
  return both(ListLength(fewest, MAX_CODES), InRange(0, MAX_CODE, { each: true }));
}

/** Allows lists of the first codes of semantic IDs. */
export function ShelfList(): PropertyDecorator {
  const isCode = (code: unknown) => Number.isInteger(code) && (code as number) >= 0 && (code as number) <= MAX_CODE;
  const validate = (value: unknown) =>
    Array.isArray(value) && value.length >= 1 && value.length <= MAX_CODES && value.every(isCode);
  const message = `expected lists of 1 to ${MAX_CODES} codes from 0 to ${MAX_CODE}`;
  return both(
    ListLength(0, MAX_SHELVES),
    ValidateBy({ name: 'shelf', validator: { validate } }, { message, each: true }),
  );
}

function both(first: PropertyDecorator, second: PropertyDecorator): PropertyDecorator {
  return (target, property) => {
    first(target, property);
    second(target, property);
  };
}
