/** The frame of all pages: head, shelves of the shop, cart, and who shops. */
import type { TigerqlClient } from '@tigerql/client';
import { TigerqlProvider } from '@tigerql/client/react';
import { useState } from 'react';

import { CartContext, useForms } from './cart';
import { itemsPath, type Page, type PageData } from './page';
import { CartPage, ThanksPage } from './pages/cart-page';
import { HomePage } from './pages/home-page';
import { ItemPage } from './pages/item-page';
import { ItemsPage } from './pages/items-page';

export const SHOP_NAME = 'Tuppence & Twine';

export function App({ data, client }: { readonly data: PageData; readonly client: TigerqlClient }) {
  const [cart, setCart] = useState(data.cart);
  const forms = useForms(client, setCart);
  const count = cart.reduce((sum, line) => sum + line.count, 0);
  return (
    <html lang="en-GB">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${titleOf(data.page)} · ${SHOP_NAME}`}</title>
        <link rel="icon" href="/pictures/Red%20Gift.svg" />
        <link rel="stylesheet" href="/browser.css" />
        <script type="module" src="/browser.js" />
      </head>
      <body>
        <a className="skip" href="#main">
          Skip to the shop
        </a>
        <Header data={data} count={count} />
        <p className="news" role="status">
          {data.isStale ? 'The shop is busy: some shelves show what they had a moment ago.' : forms.news}
        </p>
        <TigerqlProvider client={client}>
          <CartContext.Provider value={{ lines: cart, submit: forms.submit }}>
            <main id="main">
              <Content data={data} />
            </main>
          </CartContext.Provider>
        </TigerqlProvider>
        <footer>
          <p>
            A demonstration: nothing is sold here. Titles and prices: Online Retail, UCI, D. Chen, CC BY 4.0. Pictures
            are drawn from the titles.
          </p>
        </footer>
        <script id="data" type="application/json" dangerouslySetInnerHTML={{ __html: jsonOf(data) }} />
      </body>
    </html>
  );
}

function Header({ data, count }: { readonly data: PageData; readonly count: number }) {
  const { page, categories } = data;
  const search = page.kind === 'items' ? page.search : null;
  const category = page.kind === 'items' ? page.category : page.kind === 'item' ? page.item.categories[0] : null;
  return (
    <header>
      <div className="bar">
        <a className="logo" href="/">
          {SHOP_NAME}
        </a>
        <form className="search" action="/items" role="search">
          <input
            type="search"
            name="q"
            defaultValue={search ?? ''}
            placeholder="Search mugs, bunting, …"
            aria-label="Search"
          />
          <button>Search</button>
        </form>
        <ShopperSwitch data={data} />
        <a className="cart-link" href="/cart" aria-label={`Cart, ${count} ${count === 1 ? 'thing' : 'things'}`}>
          Cart <span className="count">{count}</span>
        </a>
      </div>
      <nav aria-label="Categories">
        <ul>
          {categories.map((name) => (
            <li key={name}>
              <a href={itemsPath({ category: name })} aria-current={name === category ? 'page' : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

function ShopperSwitch({ data: { users, shopper } }: { readonly data: PageData }) {
  const present = users.find(({ id }) => id === shopper.user);
  return (
    <details className="shopper">
      <summary>{present?.name ?? 'A visitor'}</summary>
      <form method="post" action="/login">
        <p>Shop as</p>
        {users.map(({ id, name }) => (
          <button key={id} name="user" value={id} aria-pressed={id === shopper.user}>
            {name}
          </button>
        ))}
        <button name="user" value="" aria-pressed={shopper.user === null}>
          A new visitor
        </button>
      </form>
    </details>
  );
}

function Content({ data: { page, shopper } }: { readonly data: PageData }) {
  switch (page.kind) {
    case 'home':
      return <HomePage page={page} shopper={shopper} />;
    case 'items':
      return <ItemsPage page={page} shopper={shopper} />;
    case 'item':
      return <ItemPage page={page} />;
    case 'cart':
      return <CartPage page={page} shopper={shopper} />;
    case 'thanks':
      return <ThanksPage page={page} shopper={shopper} />;
    case 'missing':
      return <h1>There is no such page</h1>;
    case 'away':
      return <h1>This shelf is being restocked: try again in a moment</h1>;
  }
}

function titleOf(page: Page): string {
  if (page.kind === 'item') return page.item.title;
  if (page.kind === 'items') return page.search ?? page.category ?? page.design ?? 'Everything';
  return { home: 'Small things for the house', cart: 'Cart', thanks: 'Thank you', missing: 'Not found', away: 'Busy' }[
    page.kind
  ];
}

/** Nothing in it may end the script. */
function jsonOf(data: PageData): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
