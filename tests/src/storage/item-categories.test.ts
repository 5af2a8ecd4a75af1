import { writeCategories } from '../../../src/storage/item-rows';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('writeCategories', () => {
  let opened: TestDatabase;
  let ids: number[];
  beforeAll(async () => {
    opened = await openTestDatabase();
    const data = ['a', 'b'].map((externalId) => ({ externalId, title: 't', searchTitle: 't', categories: [] }));
    await opened.database.write((transaction) => transaction.item.createMany({ data }));
    ids = (await opened.database.read.item.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id);
  });
  afterAll(() => opened.dispose());

  async function write(...items: (readonly [number, readonly string[]])[]): Promise<[number, string][]> {
    const named = items.map(([itemId, categories]) => ({ itemId, categories }));
    await opened.database.write((transaction) => writeCategories(transaction, named));
    const rows = await opened.database.read.itemCategory.findMany({ orderBy: [{ itemId: 'asc' }, { name: 'asc' }] });
    return rows.map(({ itemId, name }) => [itemId, name]);
  }

  it('writes each category of an item once, in place of those that it had, and leaves other items alone', async () => {
    const [a, b] = ids;
    expect(await write([a, ['lamp', 'red', 'lamp']], [b, ['lamp']])).toEqual([[a, 'lamp'], [a, 'red'], [b, 'lamp']]); // prettier-ignore
    expect(await write([a, ['chair']])).toEqual([[a, 'chair'], [b, 'lamp']]); // prettier-ignore
    expect(await write([a, []])).toEqual([[b, 'lamp']]);
    expect(await write()).toEqual([[b, 'lamp']]);
  });
});
