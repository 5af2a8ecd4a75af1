/** Reads an item's fields: the text that the sentence encoder gets, and the categories by which diversity is measured. */

export interface ItemText {
  readonly title: string;
  readonly brand?: string | null;
  readonly categories?: readonly string[] | null;
  /** Read in place of a title. */
  readonly description?: string | null;
}

/** Characters of a description that stands in for a title: the first sentences say what an item is. */
const DESCRIPTION_LENGTH = 300;

/** The words that `itemText` adds: they are in the texts of all items. */
export const ADDED_WORDS = /\b(?:Brand|Category): /g;

/**
 * "TITLE. Brand: B. Category: a, b." Missing parts are left out; a title that ends with a full stop gets no second one. The beginning
 * of the description, without its HTML tags, stands in for an empty title. HTML entities are read everywhere.
 */
export function itemText({ title, brand, categories, description }: ItemText): string {
  const name =
    plain(title) ||
    withoutMarkup(description ?? '')
      .trim()
      .slice(0, DESCRIPTION_LENGTH)
      .trim();
  const parts = [sentence(name)];
  const brandName = plain(brand ?? '');
  if (brandName !== '') parts.push(sentence(`Brand: ${brandName}`));
  const names = (categories ?? []).map(plain).filter((name) => name !== '');
  if (names.length > 0) parts.push(sentence(`Category: ${names.join(', ')}`));
  return parts.filter((part) => part !== '').join(' ');
}

function plain(text: string): string {
  return withoutEntities(text).trim();
}

function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`;
}

const TAG = /<\/?[a-z][^<>]*>/gi;

/** @returns The text without HTML tags, with its entities read. */
export function withoutMarkup(text: string): string {
  const bare = text.replace(TAG, ' ');
  return withoutEntities(bare === text ? text : bare.replace(/\s+/g, ' '));
}

const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi;
/** Shops' exports escape these; letters with accents are written as they are. */
const NAMED = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }));

/** @returns The text with the characters that its HTML entities stand for; entities that are not known stay. */
export function withoutEntities(text: string): string {
  return text.replace(ENTITY, (entity, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED.get(name) ?? entity;
    const code = decimal === undefined ? parseInt(hex!, 16) : Number(decimal);
    const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : entity;
  });
}

/** How many levels are used; at finer ones nearly every item has a category of its own. */
const LEVELS = 2;

/**
 * Categories at the first level of the paths at which the catalogue has more than one value, since all items are equal above it,
 * and at the level below.
 *
 * @param paths - Categories of each item, root first; may be empty.
 * @returns Coarse to fine, each int32 `[N]` with equal numbers for equal paths down to that level; −1 for an item whose path
 *   ends before the first of them. Empty if no level has more than one value.
 */
export function itemCategories(paths: readonly (readonly string[])[]): Int32Array[] {
  const longest = paths.reduce((most, path) => Math.max(most, path.length), 0);
  const valuesAt = (level: number) => new Set(paths.flatMap((path) => path[level] ?? [])).size;
  const first = Array.from({ length: longest }, (_, level) => level).find((level) => valuesAt(level) > 1);
  if (first === undefined) return [];
  const levels = Array.from({ length: Math.min(LEVELS, longest - first) }, (_, i) => first + i);
  return levels.map((level) =>
    numbered(paths.map((path) => (path.length > first ? path.slice(first, level + 1) : null))),
  );
}

/** @returns Equal numbers for equal paths, counted up as they come; −1 for none. */
function numbered(paths: readonly (readonly string[] | null)[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(paths, (path) => {
    if (path === null) return -1;
    const key = JSON.stringify(path);
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key)!;
  });
}
