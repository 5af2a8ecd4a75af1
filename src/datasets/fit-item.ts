/** Cuts the texts of an item to what the API takes, so that an import stores nothing that the API would refuse. */
import { isLongerThan } from '../../graphql/common/bounds';
import { MAX_CATEGORIES, MAX_DESCRIPTION, MAX_NAME, MAX_TITLE } from '../../graphql/common/limits';
import type { DatasetItem } from './dataset';

type Texts = Pick<DatasetItem, 'title' | 'description' | 'brand' | 'categories'>;

export interface FittedItem<T> {
  readonly item: T;
  /** Whether a text was too long, or there were too many categories. */
  readonly isCut: boolean;
}

/** Categories keep their first names, those near the root. Empty names say nothing, so that leaving them out is no cut. */
export function fitItem<T extends Texts>(item: T): FittedItem<T> {
  const { title, description, brand, categories } = item;
  const named = categories.filter((name) => name !== '');
  const texts: Texts = {
    title: cut(title, MAX_TITLE),
    description: description && cut(description, MAX_DESCRIPTION),
    brand: brand ? cut(brand, MAX_NAME) : null,
    categories: named.slice(0, MAX_CATEGORIES).map((name) => cut(name, MAX_NAME)),
  };
  const isCut = lengthOf(texts) < lengthOf({ title, description, brand, categories: named });
  return { item: { ...item, ...texts }, isCut };
}

function cut(text: string, longest: number): string {
  return isLongerThan(text, longest) ? [...text].slice(0, longest).join('') : text;
}

function lengthOf({ title, description, brand, categories }: Texts): number {
  const texts = [title, description ?? '', brand ?? '', ...categories];
  return texts.reduce((sum, text) => sum + text.length, 0);
}
