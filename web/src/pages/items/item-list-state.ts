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

const SHOWN = ['live', 'available', 'unavailable', 'removed'] as const;

const SORTS = ['added', 'title', 'price', 'interactions'] as const;
export type Sort = (typeof SORTS)[number];

export interface ItemListState {
  readonly q: string;
  /** An item must have one of them; none: any. */
  readonly brands: readonly string[];
  readonly categories: readonly string[];
  readonly min: number | null;
  readonly max: number | null;
  /** The first day on which items were added; empty: from the beginning. */
  readonly since: string;
  readonly prefix: readonly number[];
  readonly show: (typeof SHOWN)[number];
  readonly sort: Sort;
  readonly order: 'asc' | 'desc';
  /** Cursors of the page; both empty: the first page. */
  readonly after: string;
  readonly before: string;
}

export const ITEM_LIST_STATE: UrlShape<ItemListState> = {
  q: textValue,
  brands: listValue,
  categories: listValue,
  min: numberValue,
  max: numberValue,
  since: dayValue,
  prefix: codesValue,
  show: oneOf(SHOWN, 'live'),
  sort: oneOf(SORTS, 'added'),
  order: oneOf(['asc', 'desc'], 'asc'),
  after: textValue,
  before: textValue,
};

const FIELDS: Record<Sort, ItemOrder['field']> = {
  added: 'ADDED',
  title: 'TITLE',
  price: 'PRICE',
  interactions: 'INTERACTIONS',
};

/** Whether nobody has chosen an order: a search then has the best items first, any other list the oldest. */
export function isUnsorted({ sort, order }: ItemListState): boolean {
  return sort === 'added' && order === 'asc';
}

export function orderOf(state: ItemListState): ItemOrder | null {
  if (isUnsorted(state)) return null;
  const { sort, order } = state;
  return { field: FIELDS[sort], direction: order === 'desc' ? 'DESC' : 'ASC' };
}

/** Which items the list has, as the API takes it. */
export function selectionOf(state: ItemListState) {
  return { search: state.q.trim() || null, filter: filterOf(state), removed: state.show === 'removed' };
}

/** @returns Undefined when nothing is filtered. */
export function filterOf(state: ItemListState): ItemFilter | undefined {
  const { brands, categories, min, max, since, prefix, show } = state;
  const after = momentBefore(since);
  const filter: ItemFilter = {
    ...(brands.length > 0 && { brands: [...brands] }),
    ...(categories.length > 0 && { categories: [...categories] }),
    ...(min !== null && { minPrice: min }),
    ...(max !== null && { maxPrice: max }),
    ...(after !== null && { addedAfter: after }),
    ...(prefix.length > 0 && { semanticIdPrefix: [...prefix] }),
    ...(show === 'available' && { isAvailable: true }),
    ...(show === 'unavailable' && { isAvailable: false }),
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
