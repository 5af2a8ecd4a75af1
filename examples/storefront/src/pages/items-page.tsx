/** The items of a category or a search, with what narrows them down. */
import { ItemCard, ItemShelf } from '../cards';
import * as lists from '../lists';
import { type ItemsPage as Data, itemsPath, type Sort } from '../page';

const SORTS: Readonly<Record<Sort, string>> = {
  best: 'Best match',
  popular: 'Most bought',
  price: 'Price, low first',
  '-price': 'Price, high first',
};

interface Props {
  readonly page: Data;
  readonly shopper: lists.Shopper;
}

export function ItemsPage({ page, shopper }: Props) {
  const { search, category, design, found } = page;
  const title = search === null ? (category ?? design ?? 'Everything') : `“${search}”`;
  return (
    <>
      <h1>{title}</h1>
      {category !== null && search === null && (
        <ItemShelf title={`For you in ${category}`} question={lists.forYouIn(shopper, category)} list={page.forYou} />
      )}
      {found === null ? (
        <p>This shelf is being restocked: try again in a moment.</p>
      ) : (
        <div className="listing">
          <Facets page={page} found={found} />
          <section aria-label="Items">
            <p className="found">
              {found.totalCount} {found.totalCount === 1 ? 'item' : 'items'}
            </p>
            <ul className="cards grid">
              {found.nodes.map((item) => (
                <li key={item.externalId}>
                  <ItemCard item={item} />
                </li>
              ))}
            </ul>
            {found.pageInfo.hasNextPage && (
              <a className="button" href={pathOf(page, { after: found.pageInfo.endCursor })}>
                Show more
              </a>
            )}
          </section>
        </div>
      )}
    </>
  );
}

function Facets({ page, found }: { readonly page: Data; readonly found: NonNullable<Data['found']> }) {
  return (
    <aside aria-label="Narrow down">
      <Choices
        title="Order"
        choices={Object.entries(SORTS).map(([sort, label]) => ({
          label,
          path: pathOf(page, { sort }),
          isChosen: sort === page.sort,
        }))}
      />
      <Choices
        title="Category"
        choices={found.facets.categories.map(({ value, count }) => ({
          label: value,
          count,
          path: pathOf(page, { category: value === page.category ? null : value }),
          isChosen: value === page.category,
        }))}
      />
      <Choices
        title="Design"
        choices={found.facets.brands.map(({ value, count }) => ({
          label: value,
          count,
          path: pathOf(page, { design: value === page.design ? null : value }),
          isChosen: value === page.design,
        }))}
      />
    </aside>
  );
}

interface Choice {
  readonly label: string;
  readonly count?: number;
  readonly path: string;
  readonly isChosen: boolean;
}

function Choices({ title, choices }: { readonly title: string; readonly choices: readonly Choice[] }) {
  if (choices.length === 0) return null;
  return (
    <details open>
      <summary>{title}</summary>
      <ul>
        {choices.map(({ label, count, path, isChosen }) => (
          <li key={label}>
            <a href={path} aria-current={isChosen || undefined}>
              {label} {count !== undefined && <span>{count}</span>}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The address of the same list with something else; another choice begins at its first page. */
function pathOf({ search, category, design, sort }: Data, change: Parameters<typeof itemsPath>[0]): string {
  return itemsPath({ q: search, category, design, sort, ...change });
}
