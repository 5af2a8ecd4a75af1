import { insertRows } from '../../../src/storage/bulk-rows';
import { describeOnBoth } from '../../support/postgres';

const ITEM = {
  externalId: 'a',
  title: 'It’s "quoted"; DROP TABLE "Item"; --',
  sortTitle: "it's",
  description: null,
  brand: 'Ü ß 漢 🐯',
  categories: ['x', 'y "z"'],
  price: 0.1,
  availability: 'IN_STOCK',
  attributes: { nested: [1, null, 'two'] },
  addedAt: new Date('2024-02-29T12:34:56.789Z'),
};

describeOnBoth('insertRows', (opened) => {
  it('stores values as Prisma reads and writes them, in the order of the rows', async () => {
    const { read, write } = opened.database;
    const bytes = Uint8Array.of(0, 1, 127, 128, 255);
    await write(async (transaction) => {
      await insertRows(transaction, 'Item', [ITEM, { ...ITEM, externalId: 'b', price: null, attributes: 'text' }]);
      await transaction.item.create({ data: { ...ITEM, externalId: 'c' } });
      const { id } = await transaction.item.findFirstOrThrow();
      await insertRows(transaction, 'ItemVector', [{ itemId: id, encoder: 'e', dims: 1, data: bytes }]);
    });
    const [a, b, c] = await read.item.findMany({ orderBy: { id: 'asc' }, omit: { id: true } });
    expect(a).toMatchObject(ITEM);
    expect(b).toMatchObject({ externalId: 'b', price: null, attributes: 'text' });
    expect({ ...a, externalId: 'c' }).toEqual(c);
    expect(Uint8Array.from((await read.itemVector.findFirstOrThrow()).data)).toEqual(bytes);
    // Text in the database, and compared as such by SQLite.
    expect(await read.item.count({ where: { addedAt: { gte: ITEM.addedAt, lte: ITEM.addedAt } } })).toBe(3);
  });

  it.each([
    ['attributes', { 'deep\0': 1 }],
    ['categories', ['x', '\udc00']],
  ])('refuses a text that no database can keep (%s)', async (column, value) => {
    const row = { ...ITEM, externalId: 'unstorable', [column]: value };
    const insert = opened.database.write((transaction) => insertRows(transaction, 'Item', [row]));
    await expect(insert).rejects.toThrow(`${column}: expected text without NUL characters`);
    expect(await opened.database.read.item.count({ where: { externalId: 'unstorable' } })).toBe(0);
  });

  it('writes more rows than fit one statement', async () => {
    const users = Array.from({ length: 12_345 }, (_, i) => ({ externalId: `u${i}` }));
    await opened.database.write((transaction) => insertRows(transaction, 'User', users));
    expect(await opened.database.read.user.count()).toBe(12_345);
    const last = await opened.database.read.user.findFirst({ orderBy: { id: 'desc' } });
    expect(last?.externalId).toBe('u12344');
  });
});
