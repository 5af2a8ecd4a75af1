/** All that a page is drawn from. The server makes it, and the browser gets it within the page. */
import type { ItemCardFragment, ItemListFragment, ItemPageQuery, SearchItemsQuery } from '@tigerql/client';

import type { Shopper } from './lists';

export type Card = ItemCardFragment;
/** Null while the server is away and has not answered the same question before. */
export type List = ItemListFragment | null;
export type Sort = 'best' | 'price' | '-price' | 'popular';

export interface CartLine {
  readonly item: Card;
  readonly count: number;
  /** The list that had it, so that the list earns the purchase. */
  readonly listId: string | null;
}

export interface User {
  readonly id: string;
  readonly name: string;
}

export interface ItemsPage {
  readonly kind: 'items';
  readonly search: string | null;
  readonly category: string | null;
  readonly design: string | null;
  readonly sort: Sort;
  readonly after: string | null;
  readonly found: SearchItemsQuery['items'] | null;
  readonly forYou: List;
}

export type Page =
  | { readonly kind: 'home'; readonly forYou: List; readonly trending: List; readonly season: List }
  | ItemsPage
  | {
      readonly kind: 'item';
      readonly item: NonNullable<ItemPageQuery['item']>;
      readonly listId: string | null;
      readonly goesWith: List;
    }
  | { readonly kind: 'cart'; readonly goesWith: List }
  | { readonly kind: 'thanks'; readonly forYou: List }
  | { readonly kind: 'missing' }
  | { readonly kind: 'away' };

export interface PageData {
  /** The GraphQL address for browsers. */
  readonly api: string;
  readonly shopper: Shopper;
  readonly users: readonly User[];
  readonly categories: readonly string[];
  readonly cart: readonly CartLine[];
  /** Whether a part of it is older than it should be. */
  readonly isStale: boolean;
  readonly page: Page;
}

/** @returns The address of a list of items; what is null is left out. */
export function itemsPath(
  query: Partial<Record<'q' | 'category' | 'design' | 'sort' | 'after', string | null>>,
): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1] && entry[1] !== 'best');
  return `/items?${new URLSearchParams(given).toString()}`;
}
