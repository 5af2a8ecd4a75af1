/** State of the table of items in its address. */
import {
  codesValue,
  listValue,
  numberValue,
  oneOf,
  textValue,
  type UrlShape,
  type UrlValue,
} from '../../components/url-state/use-url-state';
import type { ItemFilter, ItemOrder } from '../../graphql/graphql';

/** A day as `2026-11-27`, also while its year is typed. */
const dayValue: UrlValue<string> = {
  read: (text) => (/^\d{4,6}-\d\d-\d\d$/.test(text ?? '') ? text! : ''),
  write: textValue.write,
};

const SORTS = ['added', 'title', 'price', 'interactions'] as const;
export type Sort = (typeof SORTS)[number];

export interface ItemListState {
  readonly q: string;
  /** An item must be of one of them; none: of any. */
  readonly brands: readonly string[];
  readonly category: string;
  readonly min: number | null;
  readonly max: number | null;
  /** The first day on which items were added; empty: from the beginning. */
  readonly since: string;
  readonly prefix: readonly number[];
  readonly show: 'live' | 'removed';
  readonly sort: Sort;
  readonly order: 'asc' | 'desc';
}

export const ITEM_LIST_STATE: UrlShape<ItemListState> = {
  q: textValue,
  brands: listValue,
  category: textValue,
  min: numberValue,
  max: numberValue,
  since: dayValue,
  prefix: codesValue,
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
export function filterOf({ q, brands, category, min, max, since, prefix }: ItemListState): ItemFilter | undefined {
  const addedAfter = momentBefore(since);
  const filter: ItemFilter = {
    ...(q.trim() !== '' && { titleContains: q.trim() }),
    ...(brands.length > 0 && { brands: [...brands] }),
    ...(category.trim() !== '' && { categories: [category.trim()] }),
    ...(min !== null && { minPrice: min }),
    ...(max !== null && { maxPrice: max }),
    ...(addedAfter !== null && { addedAfter }),
    ...(prefix.length > 0 && { semanticIdPrefix: [...prefix] }),
  };
  return Object.keys(filter).length > 0 ? filter : undefined;
}

/** While a year is typed it is one that the server does not take. */
const EARLIEST = Date.UTC(1000, 0, 2);

/** @returns The last moment before a day, where the reader lives: the server lists what came after it. Null: there is no such day. */
function momentBefore(day: string): string | null {
  const start = Date.parse(`${day}T00:00`);
  return start > EARLIEST ? new Date(start - 1).toISOString() : null;
}

/** A second click turns the order round; names begin at their first, numbers and times at their greatest. */
export function sortBy(state: ItemListState, column: Sort): Pick<ItemListState, 'sort' | 'order'> {
  if (state.sort !== column) return { sort: column, order: column === 'title' ? 'asc' : 'desc' };
  return { sort: column, order: state.order === 'asc' ? 'desc' : 'asc' };
}
