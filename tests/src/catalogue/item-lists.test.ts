import { validateSync } from 'class-validator';
import 'reflect-metadata';

import { PageOf20 } from '../../../graphql/common/connection';
import type { ItemFilterArgs, ItemListArgs } from '../../../graphql/item/records';
import { liveItemsWhere, underPrefix } from '../../../src/catalogue/item-lists';
import { type ActiveTokenizer, findActiveTokenizer } from '../../../src/semantic-ids/active-tokenizer';
import { activateFakeModel, createTestCatalogue, PRICED_ITEMS, type TestCatalogue } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { allPages } from '../../support/pages';
import { openTestPostgres } from '../../support/postgres';

describe.each([
  ['sqlite', openTestDatabase],
  ['postgresql', openTestPostgres],
])('on %s', (_, open) => {
  let opened: TestDatabase;
  let tokenizer: ActiveTokenizer | null;

  beforeAll(async () => {
    opened = await open();
    await activateFakeModel(opened);
    tokenizer = await findActiveTokenizer(opened.database.read);
    const { catalogue } = createTestCatalogue(opened);
    const { items } = await catalogue.upsertItems(
      [
        { externalId: 'a', title: '#1.1 Red Mug 100%', brand: 'A', categories: ['mugs'], price: 5 },
        { externalId: 'b', title: '#1.2 Blue mug', brand: 'B', categories: ['mugs', 'blue'], price: 10 },
        { externalId: 'c', title: '#2.2 Lamp_x', brand: 'B', price: 20 },
        { externalId: 'd', title: '#2.2 Lamp' },
        { externalId: 'gone', title: '#1.1 Red Mug', brand: 'A', categories: ['mugs'], price: 5 },
      ],
      true,
    );
    await catalogue.removeItems([items[4]!.id]);
  });
  afterAll(() => opened.dispose());

  async function idsOf(where: ReturnType<typeof liveItemsWhere>): Promise<string[]> {
    const rows = await opened.database.read.item.findMany({ where, orderBy: { id: 'asc' } });
    return rows.map(({ externalId }) => externalId);
  }

  describe('liveItemsWhere', () => {
    it.each<[ItemFilterArgs | null, string[]]>([
      [null, ['a', 'b', 'c', 'd']],
      [{}, ['a', 'b', 'c', 'd']],
      [{ categories: ['mugs'] }, ['a', 'b']],
      [{ categories: ['blue', 'none'] }, ['b']],
      [{ categories: [] }, []],
      [{ brands: ['A'] }, ['a']],
      [{ brands: [] }, []],
      [{ brands: ['B'], maxPrice: 10 }, ['b']],
      [{ minPrice: 10 }, ['b', 'c']],
      [{ minPrice: 0 }, ['a', 'b', 'c']],
      [{ maxPrice: 0 }, []],
      [{ maxPrice: 5 }, ['a']],
      [{ minPrice: null, maxPrice: null }, ['a', 'b', 'c', 'd']],
      [{ titleContains: 'MUG' }, ['a', 'b']],
      [{ titleContains: '0%' }, ['a']],
      [{ titleContains: 'p_' }, ['c']],
      [{ titleContains: '' }, ['a', 'b', 'c', 'd']],
      [{ externalIds: ['d', 'a'], excludeExternalIds: ['a'] }, ['d']],
      [{ externalIds: [] }, []],
      [{ externalIds: ['gone', 'b'] }, ['b']],
      [{ excludeExternalIds: [] }, ['a', 'b', 'c', 'd']],
      [{ semanticIdPrefix: [1] }, ['a', 'b']],
      [{ semanticIdPrefix: [2, 2, 1] }, ['d']],
      [{ semanticIdPrefix: [] }, ['a', 'b', 'c', 'd']],
      [{ semanticIdPrefix: [-1] }, []],
      [{ addedAfter: new Date('2000-01-01') }, ['a', 'b', 'c', 'd']],
      [{ addedAfter: new Date('2100-01-01') }, []],
    ])('finds by %j', async (filter, expected) => {
      expect(await idsOf(liveItemsWhere(filter, tokenizer))).toEqual(expected);
    });
  });

  describe('underPrefix', () => {
    it.each<[number[], string[]]>([
      [[1], ['a', 'b', 'gone']],
      [[1, 1, 0], ['a']],
      [[2, 2, 1], ['d']],
      [[3], []],
      [[1, 1, 0, 0], []],
      [[0.5], []],
      [[2 ** 40], []],
    ])('finds what begins with %j, removed items too', async (codes, expected) => {
      expect(await idsOf(underPrefix(codes, tokenizer))).toEqual(expected);
    });

    it('finds nothing before a tokenizer is active', async () => {
      expect(await idsOf(underPrefix([1], null))).toEqual([]);
      expect(await idsOf(liveItemsWhere({ semanticIdPrefix: [1] }, null))).toEqual([]);
    });
  });
});

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
    await catalogue.upsertItems([...PRICED_ITEMS, { externalId: 'e', title: '#3.3 Zebra' }], true);
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
    const { items } = await catalogue.upsertItems(
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
