import { ItemShelf } from '../cards';
import * as lists from '../lists';
import type { Page } from '../page';

interface Props {
  readonly page: Extract<Page, { kind: 'home' }>;
  readonly shopper: lists.Shopper;
}

export function HomePage({ page, shopper }: Props) {
  // A shopper of whom nothing is known gets what is trending.
  const isNew = page.forYou !== null && page.forYou.reason !== 'MODEL';
  return (
    <>
      <section className="hero">
        <div>
          <h1>Small things that make a house a home</h1>
          <p>Mugs, bunting, tins and lanterns: picked for you, more so with each thing that you look at.</p>
          <a className="button" href="/items?sort=popular">
            See what sells best
          </a>
        </div>
        <div className="hero-pictures" aria-hidden="true">
          {['Red Retrospot Mug', 'Spotty Bunting', 'Heart Lantern Cream', 'Blue Polkadot Tea Cup'].map((title) => (
            <img key={title} src={`/pictures/${encodeURIComponent(title)}.svg`} alt="" width="200" height="200" />
          ))}
        </div>
      </section>
      <ItemShelf title="For you" question={lists.forYou(shopper)} list={page.forYou} />
      {isNew || <ItemShelf title="Trending" question={lists.trending()} list={page.trending} />}
      <ItemShelf title="For Christmas" question={lists.season(shopper)} list={page.season} />
    </>
  );
}
