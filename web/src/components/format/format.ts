import type { InteractionKind, PresetName } from '../../graphql/graphql';

/** Numbers and times as the person's language writes them. */
const INTEGER = new Intl.NumberFormat();
const DECIMAL = new Intl.NumberFormat(undefined, { maximumFractionDigits: 3 });
const SMALL = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const FIGURE = new Intl.NumberFormat(undefined, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const DIFFERENCE = new Intl.NumberFormat(undefined, {
  minimumFractionDigits: 4,
  maximumFractionDigits: 4,
  signDisplay: 'exceptZero',
});
const PRICE = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const PERCENT = new Intl.NumberFormat(undefined, { style: 'percent', maximumSignificantDigits: 3 });
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const DATE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

/** @param value - Null: the key does not let the caller see it. */
export const formatCount = (value: number | null): string => (value === null ? '–' : INTEGER.format(value));
/** A figure of any size, such as a learning rate: small ones have three digits after the zeros. */
export const formatMeasure = (value: number): string => (Math.abs(value) < 1 ? SMALL : DECIMAL).format(value);

/** @param increment - Between two values of an axis. @returns Its labels, with as many digits as tell them apart. */
export function formatAxis(values: readonly number[], increment: number): string[] {
  const digits = Math.min(20, Math.max(0, Math.ceil(-Math.log10(increment)) + 1));
  const format = new Intl.NumberFormat(undefined, { maximumFractionDigits: digits });
  return values.map((value) => format.format(value));
}

/** A quality figure, always with three digits behind the point. */
export const formatFigure = (value: number): string => FIGURE.format(value);
/** The difference of two figures, with its sign: smaller than either, so with one digit more. */
export const formatDifference = (value: number): string => DIFFERENCE.format(value);

/** @param currency - A code of ISO 4217; absent: the shop's own, which it need not name. */
export function formatPrice(value: number, currency?: string | null): string {
  return currency
    ? new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(value)
    : PRICE.format(value);
}

export const formatDate = (value: string): string => DATE.format(new Date(value));
/** @param day - Days since 1970, in UTC. */
export const formatDay = (day: number): string => DAY.format(86_400_000 * day);
export const formatDateTime = (value: string): string => DATE_TIME.format(new Date(value));

/** @param share - Or a probability, 0–1; very small ones are said to be below 0.01 %. */
export function formatShare(share: number): string {
  return share > 0 && share < 0.0001 ? `< ${PERCENT.format(0.0001)}` : PERCENT.format(share);
}

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** @returns Such as `3 minutes ago`. */
export function formatAgo(value: string, now = Date.now()): string {
  const seconds = (new Date(value).getTime() - now) / 1000;
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? UNITS[UNITS.length - 1];
  return RELATIVE.format(Math.round(seconds / size), unit);
}

/** @returns Such as `2 min 5 s`. */
export function formatDuration(exactSeconds: number): string {
  const seconds = Math.round(exactSeconds);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * @param categories - The most frequent ones of some items, as the server names them: not how many of the items have them.
 * @param most - How many are named.
 * @returns Such as `among them lamps, mugs`; nothing without categories.
 */
export function amongThem(categories: readonly string[], most: number): string {
  return categories.length === 0 ? '' : `among them ${categories.slice(0, most).join(', ')}`;
}

/** @returns Such as `1 item` and `2,000 items`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** @returns The name as documents and commands write it. */
export const presetName = (preset: PresetName): string => preset.toLowerCase();

export const INTERACTION_KINDS: Readonly<Record<InteractionKind, string>> = {
  PURCHASE: 'Bought',
  CART: 'Put into the cart',
  VIEW: 'Viewed',
  LIKE: 'Liked',
  RATING: 'Rated',
};

/** @returns What an item is called: its title, or its ID where it has none, as the items of a shop that knows IDs alone. */
export function itemName({ externalId, title }: { readonly externalId: string; readonly title: string }): string {
  return title.trim() === '' ? externalId : title;
}
