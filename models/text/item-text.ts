/** The text of an item that the sentence encoder reads. */
import { withoutEntities, withoutMarkup } from './plain-text';

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
