/** Items as cards, alone and on shelves. */
import type { ItemListFragment, ListQuestion } from '@tigerql/client';
import { Shelf, type ShelfEntry } from '@tigerql/client/react';
import { useEffect, useState } from 'react';

import { AddToCart } from './cart';
import { picturePath } from './demo/picture';
import type { Card } from './page';

export function ItemCard({
  item,
  listId = null,
  dismiss,
}: { readonly item: Card } & Partial<Pick<ShelfEntry, 'listId' | 'dismiss'>>) {
  const { externalId, title } = item;
  const query = listId === null ? '' : `?list=${listId}`;
  return (
    <article className="card">
      <a href={`/items/${encodeURIComponent(externalId)}${query}`}>
        <Picture item={item} />
        <h3>{title}</h3>
      </a>
      <p className="price">{priceOf(item)}</p>
      <AddToCart item={externalId} title={title} listId={listId} />
      {dismiss && <Dismiss title={title} dismiss={dismiss} />}
    </article>
  );
}

/** It needs JavaScript, so it comes with it. */
function Dismiss({ title, dismiss }: { readonly title: string; readonly dismiss: () => void }) {
  const [isAwake, setAwake] = useState(false);
  useEffect(() => setAwake(true), []);
  return (
    isAwake && (
      <button className="dismiss" onClick={dismiss} aria-label={`Do not show ${title} again`} title="Not for me">
        ×
      </button>
    )
  );
}

export function Picture({ item }: { readonly item: Card }) {
  return <img src={item.imageUrl ?? picturePath(item.title)} alt="" width="200" height="200" loading="lazy" />;
}

interface ItemShelfProps {
  readonly title: string;
  readonly question: ListQuestion & { readonly placement: string };
  readonly list: ItemListFragment | null;
}

/** A heading and a list that stays up to date. What is for everybody cannot be dismissed. */
export function ItemShelf({ title, question, list }: ItemShelfProps) {
  const isPersonal = 'user' in question || 'visitor' in question;
  return (
    <section className="shelf">
      <h2>{title}</h2>
      <Shelf className="cards row" label={title} question={question} initial={list}>
        {({ item, listId, dismiss }) => (
          <ItemCard item={item} listId={listId} dismiss={isPersonal ? dismiss : undefined} />
        )}
      </Shelf>
    </section>
  );
}

export function priceOf({ price, currency }: Pick<Card, 'price' | 'currency'>): string {
  return price === null ? 'Price on request' : money(price, currency);
}

export function money(value: number, currency: string | null): string {
  return new Intl.NumberFormat('en-GB', { style: 'currency', currency: currency ?? 'GBP' }).format(value);
}
