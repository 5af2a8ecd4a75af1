/** What the table of items shows, as its address says it. */
import { numberValue, oneOf, textValue, type UrlShape, type UrlValue } from '../../components/url-state/use-url-state';
import type { ItemFilter, ItemOrder } from '../../graphql/graphql';

/** Codes as `12.24`. */
const prefixValue: UrlValue<readonly number[]> = {
  read: (text) => (/^\d+(\.\d+)*$/.test(text ?? '') ? text!.split('.').map(Number) : []),
  write: (codes) => (codes.length === 0 ? null : codes.join('.')),
};

const SORTS = ['added', 'title', 'price', 'interactions'] as const;
export type Sort = (typeof SORTS)[number];

export interface ItemListState {
  readonly q: string;
  readonly brand: string;
  readonly category: string;
  readonly min: number | null;
  readonly max: number | null;
  readonly prefix: readonly number[];
  readonly show: 'live' | 'removed';
  readonly sort: Sort;
  readonly order: 'asc' | 'desc';
}

export const ITEM_LIST_STATE: UrlShape<ItemListState> = {
  q: textValue,
  brand: textValue,
  category: textValue,
  min: numberValue,
  max: numberValue,
  prefix: prefixValue,
  show: oneOf(['live', 'removed'], 'live'),
  sort: oneOf(SORTS, 'added'),
  order: oneOf(['asc', 'desc'], 'asc'),
};

const FIELDS: Record<Sort, ItemOrder['field']> = {
  added: 'ADDED',
  title: 'TITLE',
  price: 'PRICE',
  interactions: 'INTERACTIONS',
};

export function orderOf({ sort, order }: ItemListState): ItemOrder {
  return { field: FIELDS[sort], direction: order === 'desc' ? 'DESC' : 'ASC' };
}

/** @returns Undefined when nothing is filtered. */
export function filterOf({ q, brand, category, min, max, prefix }: ItemListState): ItemFilter | undefined {
  const filter: ItemFilter = {
    ...(q.trim() !== '' && { titleContains: q.trim() }),
    ...(brand.trim() !== '' && { brands: [brand.trim()] }),
    ...(category.trim() !== '' && { categories: [category.trim()] }),
    ...(min !== null && { minPrice: min }),
    ...(max !== null && { maxPrice: max }),
    ...(prefix.length > 0 && { semanticIdPrefix: [...prefix] }),
  };
  return Object.keys(filter).length > 0 ? filter : undefined;
}

/** A second click turns the order round; names begin at their first, numbers and times at their greatest. */
export function sortBy(state: ItemListState, column: Sort): Pick<ItemListState, 'sort' | 'order'> {
  if (state.sort !== column) return { sort: column, order: column === 'title' ? 'asc' : 'desc' };
  return { sort: column, order: state.order === 'asc' ? 'desc' : 'asc' };
}
