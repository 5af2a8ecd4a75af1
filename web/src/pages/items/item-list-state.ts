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
import { byListFilter, type ListFilter } from './fields';

/** A day as `2026-11-27`, also while its year is typed. */
const dayValue: UrlValue<string> = {
  read: (text) => (/^\d{4,6}-\d\d-\d\d$/.test(text ?? '') ? text! : ''),
  write: textValue.write,
};

const SHOWN = ['live', 'available', 'unavailable', 'removed'] as const;

const SORTS = ['added', 'title', 'price', 'interactions'] as const;
export type Sort = (typeof SORTS)[number];

/** An item must have one of the values of each list, such as `brands`; an empty list: any. */
export interface ItemListState extends Readonly<Record<ListFilter, readonly string[]>> {
  readonly q: string;
  readonly category: string;
  readonly min: number | null;
  readonly max: number | null;
  /** The first day on which items were added; empty: from the beginning. */
  readonly since: string;
  readonly prefix: readonly number[];
  readonly show: (typeof SHOWN)[number];
  readonly sort: Sort;
  readonly order: 'asc' | 'desc';
}

export const ITEM_LIST_STATE: UrlShape<ItemListState> = {
  q: textValue,
  ...byListFilter(() => listValue),
  category: textValue,
  min: numberValue,
  max: numberValue,
  since: dayValue,
  prefix: codesValue,
  show: oneOf(SHOWN, 'live'),
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
export function filterOf(state: ItemListState): ItemFilter | undefined {
  const { category, min, max, since, prefix, show } = state;
  const conditions: Conditions = {
    isAvailable: show === 'available' ? true : show === 'unavailable' ? false : null,
    categories: category.trim() === '' ? null : [category.trim()],
    minPrice: min,
    maxPrice: max,
    addedAfter: momentBefore(since),
    semanticIdPrefix: prefix.length > 0 ? [...prefix] : null,
    availability: null,
    groupIds: null,
    externalIds: null,
    excludeExternalIds: null,
    ...byListFilter((name) => (state[name].length > 0 ? [...state[name]] : null)),
  };
  const given = Object.entries(conditions).filter(([, value]) => value !== null);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

/** Each condition of the API; null: it is not asked for. */
type Conditions = { readonly [Name in keyof ItemFilter]-?: Exclude<ItemFilter[Name], undefined> };

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
