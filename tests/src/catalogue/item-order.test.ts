import 'reflect-metadata';

import { validateSync } from 'class-validator';

import { PageOf20 } from '../../../graphql/common/connection';
import type { ItemListArgs } from '../../../graphql/item/records';
import { activateFakeModel, createTestCatalogue, PRICED_ITEMS, type TestCatalogue } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { allPages } from '../../support/pages';
import { openTestPostgres } from '../../support/postgres';

describe.each([
  ['sqlite', openTestDatabase],
  ['postgresql', openTestPostgres],
])('itemOrdering (%s)', (_, open) => {
  let opened: TestDatabase;
  let catalogue: TestCatalogue['catalogue'];

  beforeAll(async () => {
    opened = await open();
    await activateFakeModel(opened);
    ({ catalogue } = createTestCatalogue(opened));
    await catalogue.addItems([...PRICED_ITEMS, { externalId: 'e', title: '#3.3 Zebra' }], true);
    const seen = ['c', 'c', 'a'].map((itemExternalId) => ({ userExternalId: 'ann', itemExternalId, kind: 'VIEW' as const })); // prettier-ignore
    await catalogue.recordInteractions(seen);
  });
  afterAll(() => opened.dispose());

  const listed = async (list: ItemListArgs, first: number) =>
    (await allPages((after) => catalogue.items({ first, after }, null, list))).map(({ externalId }) => externalId);

  it.each<[ItemListArgs['orderBy'], string[]]>([
    [null, ['a', 'b', 'c', 'd', 'e']],
    [{ field: 'ADDED', direction: 'DESC' }, ['e', 'd', 'c', 'b', 'a']],
    [{ field: 'TITLE' }, ['a', 'b', 'd', 'c', 'e']],
    [{ field: 'TITLE', direction: 'DESC' }, ['e', 'c', 'd', 'b', 'a']],
    [{ field: 'PRICE' }, ['c', 'a', 'd', 'b', 'e']],
    [{ field: 'PRICE', direction: 'DESC' }, ['a', 'd', 'c', 'b', 'e']],
    [{ field: 'INTERACTIONS' }, ['b', 'd', 'e', 'a', 'c']],
    [{ field: 'INTERACTIONS', direction: 'DESC' }, ['c', 'a', 'b', 'd', 'e']],
  ])('lists items by %j alike in pages of any length', async (orderBy, expected) => {
    for (const first of [1, 2, 3, 100]) expect(await listed({ orderBy }, first)).toEqual(expected);
  });

  it.each([[['a', 2 ** 40]], [[2 ** 40, 1]]])(
    'refuses a cursor with the number %j, which no row can have',
    async (key) => {
      const [field, column] =
        typeof key[0] === 'string'
          ? (['TITLE', 'searchTitle'] as const)
          : (['INTERACTIONS', 'interactionCount'] as const);
      const after = Buffer.from(JSON.stringify([`items by ${column}`, key])).toString('base64url');
      const page = catalogue.items({ first: 1, after }, null, { orderBy: { field } });
      await expect(page).rejects.toThrow(/^after: expected a cursor/);
    },
  );

  it.each(['限', '"', '\u0001\ufe0f', '🏷️'])('makes cursors of 500 times %j that a page takes', async (sign) => {
    const title = sign.repeat(500);
    const { items } = await catalogue.addItems(
      [1, 2, 3].map((n) => ({ externalId: `${sign}${n}`, title })),
      true,
    );
    const list: ItemListArgs = { orderBy: { field: 'TITLE', direction: 'DESC' } };
    const titles = await allPages((after) => {
      expect(validateSync(Object.assign(new PageOf20(), { after }), { skipMissingProperties: true })).toEqual([]);
      return catalogue.items({ first: 1, after }, { titleContains: title.slice(0, 20) }, list);
    });
    expect(titles.map(({ title: read }) => read)).toEqual([title, title, title]);
    await catalogue.removeItems(items.map((item) => item!.id));
  });

  it('refuses the cursor of another order', async () => {
    const { edges } = await catalogue.items({ first: 1, after: null }, null, { orderBy: { field: 'TITLE' } });
    const wrong = catalogue.items({ first: 1, after: edges[0].cursor }, null, { orderBy: { field: 'PRICE' } });
    await expect(wrong).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  });
});
