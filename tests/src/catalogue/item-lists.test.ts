import { validateSync } from 'class-validator';
import fc from 'fast-check';
import 'reflect-metadata';

import { TwoWayPage } from '../../../graphql/common/connection';
import type { Page } from '../../../graphql/common/records';
import { isStorableText } from '../../../graphql/common/storable-text';
import type { ItemFilterArgs, ItemListArgs, ItemRecord, NewItemArgs } from '../../../graphql/item/records';
import { activateFakeModel, createTestCatalogue, PRICED_ITEMS, type TestCatalogue } from '../../support/catalogue';
import { allPages } from '../../support/pages';
import { describeOnBoth } from '../../support/postgres';

/** Attributes of items a and b. */
const A = { colour: 'rot "é"', litres: 0.25, isNew: null };
const B = { litres: 1e1, colour: 'blau', isNew: true };

describeOnBoth('the items of a list', (opened) => {
  let catalogue: TestCatalogue['catalogue'];

  beforeAll(async () => {
    await activateFakeModel(opened);
    ({ catalogue } = createTestCatalogue(opened));
    const { items } = await catalogue.upsertItems(
      [
        { externalId: 'a', title: '#1.1 Red Mug 100%', brand: 'A', categories: ['mugs'], price: 5, attributes: A },
        { externalId: 'b', title: '#1.2 Blue mug', brand: 'B', categories: ['mugs', 'blue'], price: 10, attributes: B },
        { externalId: 'c', title: '#2.2 Lamp_x', brand: 'B', price: 20, availability: 'OUT_OF_STOCK', groupId: 'lamp' },
        { externalId: 'd', title: '#2.2 Lamp', availability: 'PREORDER', availableUntil: new Date('2020-01-01') },
        { externalId: 'gone', title: '#1.1 Red Mug', brand: 'A', categories: ['mugs'], price: 5 },
      ],
      true,
    );
    await catalogue.removeItems([items[4]!.id]);
  });

  const idsOf = async (filter: ItemFilterArgs | null, list: ItemListArgs = {}) =>
    (await catalogue.items({ first: 100, after: null }, filter, list)).edges.map(({ node }) => node.externalId);

  describe('the filter', () => {
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
      [{ isAvailable: true }, ['a', 'b']],
      [{ isAvailable: false }, ['c', 'd']],
      [{ availability: ['IN_STOCK', 'PREORDER'] }, ['a', 'b', 'd']],
      [{ groupIds: ['lamp'] }, ['c']],
      [{ attributes: [] }, ['a', 'b', 'c', 'd']],
      [{ attributes: [{ name: 'colour', equals: 'rot "é"' }] }, ['a']],
      [{ attributes: [{ name: 'colour', in: ['blau', 'rot'] }] }, ['b']],
      [{ attributes: [{ name: 'colour', in: [] }] }, []],
      [{ attributes: [{ name: 'litres', min: -1.5 }] }, ['a', 'b']],
      [{ attributes: [{ name: 'litres', min: 0.3, max: 12 }] }, ['b']],
      [{ attributes: [{ name: 'litres', equals: 0.25 }, { name: 'colour' }] }, ['a']],
      [{ attributes: [{ name: 'colour', min: 0 }] }, []],
      [{ attributes: [{ name: 'isNew', equals: true }] }, ['b']],
      [{ attributes: [{ name: 'isNew', exists: true }] }, ['b']],
      [{ attributes: [{ name: 'isNew', exists: false }] }, ['a', 'c', 'd']],
      [{ attributes: [{ name: "x') OR 1=1 --", exists: true }] }, []],
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
      expect(await idsOf(filter)).toEqual(expected);
    });
  });
});

const WORDS: readonly NewItemArgs[] = [
  { externalId: 'SKU-0012/a', title: 'Red teapot', brand: 'Bodum', categories: ['Küche'] },
  {
    externalId: 'SKU-0013',
    title: 'Blue Café TEAPOT',
    brand: 'Alessi',
    categories: ['Küche', 'Tee'],
    price: 30,
    availability: 'PREORDER',
  },
  { externalId: 'x1', title: 'Running shoes in red', brand: 'Ågren', categories: ['Shoes'], price: 90 },
  { externalId: 'x2', title: 'A strawberry, one box & 1 knife', brand: "Men's 100%" },
  { externalId: 'x3', title: '红色茶壶 Tea' },
  { externalId: 'x4', title: 'Чайник красный' },
  { externalId: 'x5', title: 'กาน้ำชา สีแดง' },
  { externalId: 'x6', title: 'लाल चायदानी' },
  { externalId: 'x7', title: '赤い急須のセット' },
  { externalId: 'gone', title: 'Red teapot' },
];

describeOnBoth('the search', (opened) => {
  let catalogue: TestCatalogue['catalogue'];

  beforeAll(async () => {
    ({ catalogue } = createTestCatalogue(opened));
    const { items } = await catalogue.upsertItems(WORDS, true);
    await catalogue.removeItems([items.at(-1)!.id]);
  });

  const found = async (search: string, filter: ItemFilterArgs | null = null, removed = false) =>
    (await catalogue.items({ first: 100, after: null }, filter, { search, removed })).edges.map(
      ({ node }) => node.externalId,
    );

  it.each<[string, string[]]>([
    ['red teapot', ['SKU-0012/a']],
    ['teapot red', ['SKU-0012/a']],
    ['TEAPOTS', ['SKU-0012/a', 'SKU-0013']],
    ['teap', ['SKU-0012/a', 'SKU-0013']],
    ['runnin', ['x1']],
    ['red', ['SKU-0012/a', 'x1']],
    ['shoe', ['x1']],
    ['strawberries', ['x2']],
    ['boxes knives', ['x2']],
    ['cafe', ['SKU-0013']],
    ['CAFÉ', ['SKU-0013']],
    ['kuche', ['SKU-0012/a', 'SKU-0013']],
    ['küche bodum', ['SKU-0012/a']],
    ['agren', ['x1']],
    ['sku-0013', ['SKU-0013']],
    ['sku 0012', ['SKU-0012/a']],
    ["men's", ['x2']],
    ['100%', ['x2']],
    ['茶壶', ['x3']],
    ['红色', ['x3']],
    ['壶茶', []],
    ['чайник', ['x4']],
    ['КРАСН', ['x4']],
    ['น้ำ', ['x5']],
    ['चायदानी', ['x6']],
    ['急須', ['x7']],
    ['セット', ['x7']],
    ['nothing', []],
    ['"', []],
    ['red OR blue', []],
    ['NOT red', []],
    ['title:red', []],
    ['red" OR "blue', []],
    ["red' | 'blue", []],
    ['red*) OR (blue', []],
    ['; DROP TABLE "Item"', []],
    ['\\ : & | ! < > ( ) * ^ - + "', []],
  ])('finds %j', async (search, expected) => {
    expect((await found(search)).sort()).toEqual(expected);
  });

  it('answers any text, and finds an item by any word of its title', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).filter(isStorableText);
    await fc.assert(
      fc.asyncProperty(text, async (search) => expect(await catalogue.itemCount(null, { search })).toBeLessThan(10)),
      { numRuns: 200 },
    );
    for (const { externalId, title } of WORDS.slice(0, -1)) {
      for (const word of title.split(' '))
        if (/[\p{L}\p{N}]/u.test(word)) expect(await found(word)).toContain(externalId);
    }
    const letters = Array.from({ length: 100 }, (_, i) => String.fromCharCode(0x430 + i)).join(' ');
    expect(await found(letters)).toEqual([]);
  });

  it('lists the best first, and pages both ways', async () => {
    const names = ['SKU-0012/a', 'x1']; // a word counts for more in a shorter title
    expect(await found('red')).toEqual(names);
    const first = await catalogue.items({ first: 1, after: null }, null, { search: 'red' });
    const second = await catalogue.items({ first: 1, after: first.edges[0].cursor }, null, { search: 'red' });
    const back = await catalogue.items({ last: 1, before: second.edges[0].cursor }, null, { search: 'red' });
    expect([first, second, back].map(({ edges }) => edges[0].node.externalId)).toEqual([...names, names[0]]);
    expect(await found('bodum')).toEqual(['SKU-0012/a']);
  });

  it('narrows, orders and counts what it finds as it does all items', async () => {
    expect(await found('teapot', { minPrice: 20 })).toEqual(['SKU-0013']);
    expect(await found('teapot', null, true)).toEqual(['gone']);
    const byTitle = await catalogue.items({ first: 9, after: null }, null, {
      search: 'teapot',
      orderBy: { field: 'TITLE' },
    });
    expect(byTitle.edges.map(({ node }) => node.title)).toEqual(['Blue Café TEAPOT', 'Red teapot']);
    expect(await catalogue.itemCount(null, { search: 'teapot' })).toBe(2);
    expect(await catalogue.itemCount({ brands: ['Alessi'] }, { search: 'teapot' })).toBe(1);
    expect(await catalogue.itemCount(null, { search: '!' })).toBe(0);
  });

  it('follows what becomes of an item', async () => {
    const [item] = (await catalogue.upsertItems([{ externalId: 'new', title: 'Kettle' }], true)).items;
    expect(await found('kettle')).toEqual(['new']);
    await catalogue.updateItems([{ itemId: item!.id, title: 'Samovar', categories: ['Silver'] }], false);
    expect([await found('kettle'), await found('silver samovars')]).toEqual([[], ['new']]);
    await opened.database.write((transaction) => transaction.item.delete({ where: { id: item!.id } }));
    expect(await found('samovar')).toEqual([]);
  });
});

describeOnBoth('itemOrdering', (opened) => {
  let catalogue: TestCatalogue['catalogue'];

  beforeAll(async () => {
    await activateFakeModel(opened);
    ({ catalogue } = createTestCatalogue(opened));
    await catalogue.upsertItems([...PRICED_ITEMS, { externalId: 'e', title: '#3.3 Zebra' }], true);
    const seen = ['c', 'c', 'a'].map((itemExternalId) => ({ userExternalId: 'ann', itemExternalId, kind: 'VIEW' as const })); // prettier-ignore
    await catalogue.recordInteractions(seen);
  });

  const listed = async (list: ItemListArgs, first: number) =>
    (await allPages((after) => catalogue.items({ first, after }, null, list))).map(({ externalId }) => externalId);

  async function listedBackwards(list: ItemListArgs, last: number): Promise<string[]> {
    const ids: string[] = [];
    for (let before: string | null = null, more: boolean | undefined = true; more;) {
      const { edges, hasPreviousPage }: Page<ItemRecord> = await catalogue.items({ last, before }, null, list);
      ids.unshift(...edges.map(({ node }) => node.externalId));
      before = edges[0]?.cursor ?? null;
      more = hasPreviousPage;
    }
    return ids;
  }

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
    for (const count of [1, 2, 3, 100]) {
      expect(await listed({ orderBy }, count)).toEqual(expected);
      expect(await listedBackwards({ orderBy }, count)).toEqual(expected);
    }
  });

  it('tells whether entries come before a page and after it', async () => {
    const first = await catalogue.items({ first: 2, after: null }, null);
    expect(first).toMatchObject({ hasPreviousPage: false, hasNextPage: true });
    const second = await catalogue.items({ first: 3, after: first.edges[1].cursor }, null);
    expect(second).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
    const back = await catalogue.items({ last: 2, before: second.edges[0].cursor }, null);
    expect(back).toEqual({ ...first, hasNextPage: true });
  });

  it.each([[['a', 2 ** 40]], [[2 ** 40, 1]]])(
    'refuses a cursor with the number %j, which no row can have',
    async (key) => {
      const field = typeof key[0] === 'string' ? 'TITLE' : 'INTERACTIONS';
      const after = Buffer.from(JSON.stringify([`items by ${field.toLowerCase()}`, key])).toString('base64url');
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
      expect(validateSync(Object.assign(new TwoWayPage(), { after }), { skipMissingProperties: true })).toEqual([]);
      return catalogue.items({ first: 1, after }, { externalIds: [1, 2, 3].map((n) => `${sign}${n}`) }, list);
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
