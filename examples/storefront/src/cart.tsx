/** Forms that change the cart: with JavaScript the page stays, and its lists are asked for anew. */
import type { TigerqlClient } from '@tigerql/client';
import { createContext, type FormEvent, useContext, useState } from 'react';

import type { CartLine } from './page';

interface Cart {
  readonly lines: readonly CartLine[];
  readonly submit: (event: FormEvent<HTMLFormElement>, news: string) => void;
}

export const CartContext = createContext<Cart>({ lines: [], submit: () => {} });

export function useCart(): Cart {
  return useContext(CartContext);
}

export function useForms(client: TigerqlClient, setCart: (lines: readonly CartLine[]) => void) {
  const [news, setNews] = useState('');
  const submit = (event: FormEvent<HTMLFormElement>, told: string) => {
    event.preventDefault();
    const form = event.currentTarget;
    send(form).then(
      ({ cart }) => {
        setCart(cart);
        setNews(told);
        client.refreshLists();
      },
      () => form.submit(),
    );
  };
  return { news, submit };
}

async function send(form: HTMLFormElement): Promise<{ cart: readonly CartLine[] }> {
  const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  const response = await fetch(form.action, { method: 'POST', headers: { accept: 'application/json' }, body });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return (await response.json()) as { cart: readonly CartLine[] };
}

interface AddToCartProps {
  readonly item: string;
  readonly title: string;
  readonly listId: string | null;
  /** Absent: a short one, for a card. */
  readonly label?: string;
}

export function AddToCart({ item, title, listId, label }: AddToCartProps) {
  const { submit } = useCart();
  return (
    <form
      className="add"
      method="post"
      action="/cart/add"
      onSubmit={(event) => submit(event, `${title} is in the cart.`)}
    >
      <input type="hidden" name="item" value={item} />
      <input type="hidden" name="list" value={listId ?? ''} />
      {label ? <button>{label}</button> : <button aria-label={`Add ${title} to the cart`}>Add</button>}
    </form>
  );
}
