import { ItemCard, ItemShelf, Picture, priceOf } from '../cards';
import { AddToCart } from '../cart';
import * as lists from '../lists';
import { itemsPath, type Page } from '../page';

interface Props {
  readonly page: Extract<Page, { kind: 'item' }>;
}

export function ItemPage({ page: { item, listId, goesWith } }: Props) {
  const similar = item.similarItems.nodes;
  return (
    <>
      <section className="item">
        <Picture item={item} />
        <div>
          <h1>{item.title}</h1>
          <p className="tags">
            {item.categories.map((category) => (
              <a key={category} href={itemsPath({ category })}>
                {category}
              </a>
            ))}
            {item.brand !== null && <a href={itemsPath({ design: item.brand })}>{item.brand}</a>}
          </p>
          <p className="price">{priceOf(item)}</p>
          {item.description !== null && <p>{item.description}</p>}
          <AddToCart item={item.externalId} title={item.title} listId={listId} label="Add to cart" />
        </div>
      </section>
      <ItemShelf title="Goes with it" question={lists.goesWith(item.externalId)} list={goesWith} />
      {similar.length > 0 && (
        <section className="shelf">
          <h2>Similar</h2>
          <ul className="cards row" aria-label="Similar">
            {similar.map((other) => (
              <li key={other.externalId}>
                <ItemCard item={other} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
