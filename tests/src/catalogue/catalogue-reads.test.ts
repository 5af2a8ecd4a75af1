import type { ItemListArgs } from '../../../graphql/item/records';
import { activateFakeModel, createTestCatalogue, PRICED_ITEMS, type TestCatalogue } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { allPages } from '../../support/pages';
import { openTestPostgres } from '../../support/postgres';

const PAGE = { first: 100, after: null };

describe.each([
  ['sqlite', openTestDatabase],
  ['postgresql', openTestPostgres],
])('CatalogueReads (%s)', (_, open) => {
  let opened: TestDatabase;
  let catalogue: TestCatalogue['catalogue'];

  beforeAll(async () => {
    opened = await open();
    await activateFakeModel(opened);
    ({ catalogue } = createTestCatalogue(opened));
    const { items } = await catalogue.addItems(
      [...PRICED_ITEMS, { externalId: 'gone', title: '#3.3 gone', categories: ['red'] }],
      true,
    );
    await catalogue.removeItems([items[4]!.id]);
    await catalogue.recordInteractions([
      { userExternalId: 'ann', itemExternalId: 'c', kind: 'VIEW' },
      { userExternalId: 'bob', itemExternalId: 'c', kind: 'PURCHASE' },
      { userExternalId: 'bob', itemExternalId: 'a', kind: 'CART' },
    ]);
  });
  afterAll(() => opened.dispose());

  const listed = async (list: ItemListArgs, first: number) =>
    (await allPages((after) => catalogue.items({ first, after }, null, list))).map(({ externalId }) => externalId);

  it('lists and counts removed items apart from the others', async () => {
    expect(await listed({ removed: true }, 10)).toEqual(['gone']);
    expect(await catalogue.itemCount(null, true)).toBe(1);
    expect(await catalogue.itemCount(null, false)).toBe(4);
    expect(await catalogue.itemCount({ minPrice: 3 }, false)).toBe(2);
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
  });
});
