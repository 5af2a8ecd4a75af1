import type { ItemFacet, ItemFilterArgs, ItemListArgs, ItemSelectionArgs } from '../../../graphql/item/records';
import { CatalogueReads } from '../../../src/catalogue/catalogue-reads';
import { insertRows } from '../../../src/storage/bulk-rows';
import { insertedItem } from '../../../src/storage/item-columns';
import { RequestReads } from '../../../src/storage/request-reads';
import { activateFakeModel, createTestCatalogue, PRICED_ITEMS, type TestCatalogue } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';
import { allPages } from '../../support/pages';
import { describeOnBoth } from '../../support/postgres';
import { type WatchedReads, watchedReads } from '../../support/watched-reads';

const PAGE = { first: 100, after: null };

describeOnBoth('CatalogueReads', (opened) => {
  let catalogue: TestCatalogue['catalogue'];

  beforeAll(async () => {
    await activateFakeModel(opened);
    ({ catalogue } = createTestCatalogue(opened));
    const { items } = await catalogue.upsertItems(
      [...PRICED_ITEMS, { externalId: 'gone', title: '#3.3 gone', brand: 'Old', categories: ['red'] }],
      true,
    );
    await catalogue.removeItems([items[4]!.id]);
    await catalogue.recordInteractions([
      { userExternalId: 'ann', itemExternalId: 'c', kind: 'VIEW' },
      { userExternalId: 'bob', itemExternalId: 'c', kind: 'PURCHASE' },
      { userExternalId: 'bob', itemExternalId: 'a', kind: 'CART' },
    ]);
  });

  const listed = async (list: ItemListArgs, first: number) =>
    (await allPages((after) => catalogue.items({ first, after }, null, list))).map(({ externalId }) => externalId);

  it('lists and counts removed items apart from the others', async () => {
    expect(await listed({ removed: true }, 10)).toEqual(['gone']);
    expect(await catalogue.itemCount(null, { removed: true })).toBe(1);
    expect(await catalogue.itemCount(null)).toBe(4);
    expect(await catalogue.itemCount({ minPrice: 3 })).toBe(2);
  });

  it('counts the values of what a list finds, each field without its own condition', async () => {
    const facet = async (name: ItemFacet, filter: ItemFilterArgs | null, items?: ItemSelectionArgs, first = 2) =>
      (await catalogue.itemFacet(name, first, filter, items)).map(({ value, count }) => `${count} ${value}`);
    expect(await facet('categories', null)).toEqual(['3 kitchen', '1 blue']);
    expect(await facet('categories', null, {}, 9)).toEqual(['3 kitchen', '1 blue', '1 red']);
    expect(await facet('categories', { minPrice: 5, categories: ['blue'] })).toEqual(['1 kitchen', '1 red']);
    expect(await facet('categories', null, { search: 'apron' })).toEqual(['1 kitchen']);
    expect(await facet('availability', { availability: ['PREORDER'] })).toEqual(['4 IN_STOCK']);
    expect(await facet('brands', null)).toEqual([]);
    expect(await facet('brands', { brands: ['New'] }, { removed: true })).toEqual(['1 Old']);
  });

  it('counts by a filter until nobody waits any more', async () => {
    const rows = Array.from({ length: 1_600 }, (_, i) =>
      insertedItem({ externalId: `w${i}`, title: 'www', brand: 'www' }),
    );
    const last = await opened.database.read.item.findFirstOrThrow({ orderBy: { id: 'desc' } });
    await opened.database.write((transaction) => insertRows(transaction, 'Item', rows));
    try {
      expect(await catalogue.itemCount({ brands: ['www'] })).toBe(1_600);
      const caller = new AbortController();
      const count = catalogue.itemCount({ brands: ['www'] }, {}, caller.signal);
      caller.abort(new Error('gone'));
      await expect(count).rejects.toThrow('gone');
    } finally {
      await opened.database.write((transaction) => transaction.item.deleteMany({ where: { id: { gt: last.id } } }));
    }
  });

  it('has no item that there never was', async () => {
    expect(await catalogue.item('nothing')).toBeNull();
  });

  it('turns the pages of what was done with an item, last recorded first', async () => {
    const item = (await catalogue.item('c'))!;
    const rows = await allPages((after) => catalogue.interactionsWith(item.id, { first: 1, after }));
    expect(rows.map(({ kind }) => kind)).toEqual(['PURCHASE', 'VIEW']);
  });

  it('finds users by a part of their key', async () => {
    const found = async (text: string | null) =>
      (await catalogue.users(PAGE, text)).edges.map(({ node }) => node.externalId);
    expect([await found('nn'), await found('x'), await found(null)]).toEqual([['ann'], [], ['ann', 'bob']]);
    expect(await found('NN')).toEqual(['ann']);
    const paged = await allPages((after) => catalogue.users({ first: 1, after }));
    expect(paged.map(({ externalId }) => externalId)).toEqual(['ann', 'bob']);
  });

  it('takes each character of a part of a key as it is', async () => {
    const keys = ['50%', '50x', 'a_b', 'axb', 'c\\d', "o'neil"];
    await opened.database.write((transaction) =>
      transaction.user.createMany({ data: keys.map((externalId) => ({ externalId })) }),
    );
    const found = async (text: string) => (await catalogue.users(PAGE, text)).edges.map(({ node }) => node.externalId);
    expect(await found('0%')).toEqual(['50%']);
    expect(await found('%')).toEqual(['50%']);
    expect(await found('a_b')).toEqual(['a_b']);
    expect(await found('\\')).toEqual(['c\\d']);
    expect(await found("o'n")).toEqual(["o'neil"]);
    const first = await catalogue.users({ first: 1, after: null }, '50');
    expect(first).toMatchObject({ hasNextPage: true, edges: [{ node: { externalId: '50%' } }] });
    const second = await catalogue.users({ first: 1, after: first.edges[0].cursor }, '50');
    expect(second).toMatchObject({ hasNextPage: false, edges: [{ node: { externalId: '50x' } }] });
    await opened.database.write((transaction) => transaction.user.deleteMany({ where: { externalId: { in: keys } } }));
  });

  it('names the categories that most live items have', async () => {
    expect(await catalogue.frequentCategories(10)).toEqual(['kitchen', 'blue', 'red']);
    expect(await catalogue.frequentCategories(1)).toEqual(['kitchen']);
  });

  it('tells the last changes, newest first, with how many items each touched', async () => {
    const [removed, added] = await catalogue.recentChanges(2);
    expect(removed).toMatchObject({ kind: 'ITEMS_REMOVED', itemCount: 1, changedAt: expect.any(Date) });
    expect(added).toMatchObject({ kind: 'ITEMS_ADDED', itemCount: 5, version: removed.version - 1 });
    expect(await catalogue.changesAfter(added.version - 1)).toEqual([added, removed]);
    expect(await catalogue.changesAfter(added.version)).toEqual([removed]);
    expect(await catalogue.version()).toBe(removed.version);
  });

  it('names items, removed ones too, and users, by id or by external ID', async () => {
    const gone = { id: (await catalogue.item('gone'))!.id, externalId: 'gone' };
    const bob = { id: (await catalogue.user('bob'))!.id, externalId: 'bob' };
    expect(await catalogue.namedRows('Item', { ids: [gone.id, 999_999] })).toEqual([gone]);
    expect(await catalogue.namedRows('Item', { externalIds: ['gone', 'nothing', 'a\0'] })).toEqual([gone]);
    expect(await catalogue.namedRows('User', { ids: [bob.id] })).toEqual([bob]);
    expect(await catalogue.namedRows('User', { externalIds: ['bob', 'nobody'] })).toEqual([bob]);
  });

  it('finds the live items that a user viewed last', async () => {
    await catalogue.recordInteractions(
      ['b', 'a', 'gone', 'b'].map((itemExternalId, n) => ({
        ...{ userExternalId: 'eve', itemExternalId, kind: 'VIEW' as const, occurredAt: new Date([2, 3, 4, 1][n]) },
      })),
    );
    const viewed = async (user: string, first: number) =>
      (await catalogue.recentlyViewed((await catalogue.user(user))!.id, first)).map(({ externalId }) => externalId);
    expect([await viewed('eve', 9), await viewed('eve', 1), await viewed('bob', 9)]).toEqual([['a', 'b'], ['a'], []]); // prettier-ignore
  });
});

describe('CatalogueReads, by its statements', () => {
  const opened = useTestDatabase();
  let test: TestCatalogue;
  let watched: WatchedReads;
  let reads: CatalogueReads;

  beforeAll(async () => {
    test = createTestCatalogue(opened);
    watched = watchedReads(opened.url);
    reads = new CatalogueReads({ provider: 'sqlite', read: watched.client }, new RequestReads(opened.database.hotPath));
    await test.catalogue.upsertItems(PRICED_ITEMS, true);
    await see('ann', 'bob');
  });
  afterAll(() => watched.client.$disconnect());
  beforeEach(() => void watched.statements.splice(0));

  const see = (...users: string[]) =>
    test.catalogue.recordInteractions(
      users.map((userExternalId) => ({ userExternalId, itemExternalId: 'a', kind: 'VIEW' as const })),
    );
  const counts = () => watched.statements.filter(({ sql }) => sql.includes('COUNT('));

  it('counts live items once for each version of the catalogue', async () => {
    const ask = () => Promise.all([reads.liveItemCount(), reads.liveItemCount(), reads.liveItemCount()]);
    expect([await ask(), await ask()]).toEqual([[4, 4, 4], [4, 4, 4]]); // prettier-ignore
    expect(counts()).toHaveLength(1);
    await test.catalogue.upsertItems([{ externalId: 'e', title: 'e' }], true);
    expect(await ask()).toEqual([5, 5, 5]);
    expect(counts()).toHaveLength(2);
  });

  it('counts users and interactions', async () => {
    const ask = () => Promise.all([reads.userCount(), reads.interactionCount()]);
    expect(await ask()).toEqual([2, 2]);
    await see('ann', 'cid');
    expect(await ask()).toEqual([3, 4]);
  });

  it('counts the items of no other changes than those of the page', async () => {
    await test.catalogue.upsertItems([{ externalId: 'f', title: 'f' }], true);
    expect(await reads.recentChanges(1)).toMatchObject([{ itemCount: 1 }]);
    expect(watched.statements.map(({ rows }) => rows)).toEqual([1, 1]);
    expect(counts().map(({ sql }) => sql)).toEqual([expect.stringMatching(/`version` (IN|=) /)]);
  });

  it('ranks the categories once for each version of the catalogue', async () => {
    const ask = () => Promise.all([reads.frequentCategories(2), reads.frequentCategories(2)]);
    expect(await ask()).toEqual(Array(2).fill(['kitchen', 'blue']));
    await ask();
    const ranked = () => watched.statements.filter(({ sql }) => sql.includes('GROUP BY'));
    expect(ranked()).toHaveLength(1);
    await test.catalogue.upsertItems([{ externalId: 'g', title: 'g', categories: ['blue'] }], true);
    await ask();
    expect(ranked()).toHaveLength(2);
  });
});
