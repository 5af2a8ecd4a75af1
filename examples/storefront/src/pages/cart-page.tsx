/** The cart, and what comes after an order. */
import { ItemShelf, money, Picture } from '../cards';
import { useCart } from '../cart';
import * as lists from '../lists';
import type { CartLine, Page } from '../page';

interface Props<Kind> {
  readonly page: Extract<Page, { kind: Kind }>;
  readonly shopper: lists.Shopper;
}

export function CartPage({ page, shopper }: Props<'cart'>) {
  const { lines } = useCart();
  const total = lines.reduce((sum, { item, count }) => sum + (item.price ?? 0) * count, 0);
  const items = lines.map(({ item }) => item.externalId);
  return (
    <>
      <h1>Cart</h1>
      {lines.length === 0 ? (
        <p>It is empty.</p>
      ) : (
        <>
          <ul className="lines">
            {lines.map((line) => (
              <Line key={line.item.externalId} line={line} />
            ))}
          </ul>
          <form className="order" method="post" action="/order">
            <p>
              Together <strong>{money(total, lines[0].item.currency)}</strong>
            </p>
            <button>Buy</button>
          </form>
        </>
      )}
      <ItemShelf
        title={lines.length === 0 ? 'For you' : 'Goes with your cart'}
        question={lists.beforeYouGo(shopper, items)}
        list={page.goesWith}
      />
    </>
  );
}

function Line({ line: { item, count } }: { readonly line: CartLine }) {
  const { submit } = useCart();
  return (
    <li>
      <Picture item={item} />
      <a href={`/items/${encodeURIComponent(item.externalId)}`}>{item.title}</a>
      <form method="post" action="/cart/change" onSubmit={(event) => submit(event, 'The cart has changed.')}>
        <input type="hidden" name="item" value={item.externalId} />
        <label>
          How many <input type="number" name="count" min="0" max="99" defaultValue={count} key={count} />
        </label>
        <button>Change</button>
      </form>
      <span className="price">{item.price !== null && money(item.price * count, item.currency)}</span>
    </li>
  );
}

export function ThanksPage({ page, shopper }: Props<'thanks'>) {
  return (
    <>
      <section className="thanks">
        <h1>Thank you</h1>
        <p>Your order is on its way, or would be, if this were a real shop.</p>
      </section>
      <ItemShelf title="For your next visit" question={lists.afterOrder(shopper)} list={page.forYou} />
    </>
  );
}
