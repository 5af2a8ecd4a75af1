import type { ItemFilterArgs } from '../../../graphql/item/records';
import { liveItemsWhere, underPrefix } from '../../../src/catalogue/item-filter';
import { findActiveTokenizer, type ActiveTokenizer } from '../../../src/semantic-ids/active-tokenizer';
import { activateFakeModel, createTestCatalogue } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';
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
    const { items } = await catalogue.addItems(
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
