/** What the shop's server asks and tells tigerql, with its key. */
import {
  IdentifyDocument,
  type InteractionKind,
  ItemPageDocument,
  type ItemOrder,
  type ListQuestion,
  SearchItemsDocument,
  TigerqlClient,
} from '@tigerql/client';
import { SignJWT } from 'jose';

import * as lists from './lists';
import type { CartLine, ItemsPage, List, Page, Sort } from './page';
import { settings } from './settings';

const TOKEN_LIFE = '5m';
const token = () => settings.key;
/** A page does not wait for a server that is away: it is drawn with what was there before. */
const reader = new TigerqlClient({ url: settings.api, token, attempts: 1, timeoutMs: 3000 });
/** Nothing that a shopper did is lost because the server was away for a moment. */
const writer = new TigerqlClient({ url: settings.api, token, attempts: 5 });

const ORDERS: Readonly<Record<Sort, ItemOrder | null>> = {
  best: null,
  price: { field: 'PRICE' },
  '-price': { field: 'PRICE', direction: 'DESC' },
  popular: { field: 'INTERACTIONS', direction: 'DESC' },
};

export interface Loaded {
  readonly page: Page;
  readonly isStale: boolean;
}

/** Reads the parts of one page, and notes whether one of them is old or missing. */
export class PageReader {
  isStale = false;

  constructor(private readonly shopper: lists.Shopper) {}

  async home(): Promise<Page> {
    const [forYou, trending, season] = await Promise.all([
      this.list(lists.forYou(this.shopper)),
      this.list(lists.trending()),
      this.list(lists.season(this.shopper)),
    ]);
    return { kind: 'home', forYou, trending, season };
  }

  async items(query: URLSearchParams): Promise<Page> {
    const [search, category, design, after] = ['q', 'category', 'design', 'after'].map(
      (name) => query.get(name) || null,
    );
    const sort = (query.get('sort') ?? 'best') as Sort;
    const filter = { categories: category === null ? null : [category], brands: design === null ? null : [design] };
    const orderBy = ORDERS[sort] ?? null;
    const [found, forYou] = await Promise.all([
      this.part(reader.latest(SearchItemsDocument, { search, filter, orderBy, after, first: 24 })),
      category === null || search !== null ? null : this.list(lists.forYouIn(this.shopper, category)),
    ]);
    return {
      kind: 'items',
      search,
      category,
      design,
      sort,
      after,
      found: found?.items ?? null,
      forYou,
    } satisfies ItemsPage;
  }

  async item(externalId: string, listId: string | null): Promise<Page> {
    const [found, goesWith] = await Promise.all([
      this.part(reader.latest(ItemPageDocument, { externalId, similar: 8 })),
      this.list(lists.goesWith(externalId)),
    ]);
    if (found === null) return { kind: 'away' };
    return found.item === null ? { kind: 'missing' } : { kind: 'item', item: found.item, listId, goesWith };
  }

  async cart(cart: readonly CartLine[]): Promise<Page> {
    const items = cart.map(({ item }) => item.externalId);
    return { kind: 'cart', goesWith: await this.list(lists.beforeYouGo(this.shopper, items)) };
  }

  async thanks(): Promise<Page> {
    return { kind: 'thanks', forYou: await this.list(lists.afterOrder(this.shopper)) };
  }

  private list(question: ListQuestion): Promise<List> {
    return this.part(reader.list(question));
  }

  /** @returns Null when the server is away and has not answered this before. */
  private async part<T>(answer: Promise<{ data: T; isStale: boolean }>): Promise<T | null> {
    try {
      const { data, isStale } = await answer;
      this.isStale ||= isStale;
      return data;
    } catch (error) {
      console.warn(String(error));
      this.isStale = true;
      return null;
    }
  }
}

/** @returns The item, as the shop sells it; null when there is none, or the server is away. */
export async function itemOf(externalId: string): Promise<CartLine['item'] | null> {
  return (await reader.latest(ItemPageDocument, { externalId, similar: 8 }).catch(() => null))?.data.item ?? null;
}

/** Records what a shopper did. The next page shows what follows from it, unless the server takes longer than two seconds. */
export function record(shopper: lists.Shopper, kind: InteractionKind, ...items: string[]): Promise<void> {
  const user = { externalId: shopper.user ?? `visitor/${shopper.visitor}` };
  return soon(writer.record(...items.map((externalId) => ({ user, item: { externalId }, kind }))));
}

/** Tells the lists what became of their items. */
export function report(kind: 'CART' | 'PURCHASED', lines: readonly CartLine[], order?: string): Promise<void> {
  for (const { item, count, listId } of lines) {
    if (listId === null) continue;
    const bought = kind === 'PURCHASED' && {
      eventId: order,
      quantity: count,
      ...(item.price !== null && { value: count * item.price, currency: item.currency ?? 'GBP' }),
    };
    writer.report({ listId, item: { externalId: item.externalId }, kind, ...bought });
  }
  return soon(writer.flush());
}

/** The visitor is this user. */
export function identify({ visitor }: lists.Shopper, user: string): Promise<void> {
  return soon(writer.request(IdentifyDocument, { input: { visitor, user: { externalId: user } } }));
}

async function soon(work: Promise<unknown>): Promise<void> {
  const told = work.catch((error: unknown) => console.warn(String(error)));
  await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 2000))]);
}

/** @returns A token with which the browser asks for the lists of this shopper alone. */
export function storefrontToken({ user, visitor }: lists.Shopper): Promise<string> {
  return new SignJWT(user === null ? { vis: visitor } : { sub: user })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(TOKEN_LIFE)
    .sign(new TextEncoder().encode(settings.tokenSecret));
}
