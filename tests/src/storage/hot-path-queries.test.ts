import { DatabaseError } from '../../../src/storage/database-error';
import type { Row } from '../../../src/storage/hot-path-queries';
import { describeOnBoth } from '../../support/postgres';

const BY_ID = 'SELECT "id" FROM "Item" WHERE "id" IN';

describeOnBoth('HotPathQueries', (opened) => {
  let ids: number[];
  beforeAll(async () => {
    const addedAt = new Date('2026-01-02T03:04:05.678Z');
    const data = Array.from({ length: 70 }, (_, i) => {
      return { externalId: `item ${i}`, title: 't', sortTitle: 't', categories: ['a', `#${i}`], addedAt };
    });
    await opened.database.write((transaction) => transaction.item.createMany({ data }));
    ids = (await opened.database.read.item.findMany({ select: { id: true } })).map(({ id }) => id);
  });

  const rowsIn = (sql: string, values: readonly number[] | readonly string[]) =>
    opened.database.hotPath.rowsIn(sql, values);
  const numbers = (rows: readonly Row[]) => rows.map(([id]) => Number(id)).sort((a, b) => a - b);

  it.each([1, 5, 70])('finds %d rows by as many values, and none for an unknown one', async (count) => {
    const found = await rowsIn(BY_ID, [...ids.slice(0, count), 999_999]);
    expect(numbers(found)).toEqual(ids.slice(0, count));
  });

  it('takes texts as they are, whatever they look like', async () => {
    const byName = 'SELECT "externalId" FROM "Item" WHERE "externalId" IN';
    expect(await rowsIn(byName, ['item 3', "') OR 1=1 --", '"', '%'])).toEqual([['item 3']]);
  });

  it('gives times and JSON as text', async () => {
    const [[addedAt, categories]] = await rowsIn('SELECT "addedAt", "categories" FROM "Item" WHERE "id" IN', [ids[0]]);
    expect(new Date(String(addedAt)).toISOString()).toBe('2026-01-02T03:04:05.678Z');
    expect(JSON.parse(String(categories))).toEqual(['a', '#0']);
  });

  it('takes any failure for one of the database, and goes on', async () => {
    await expect(rowsIn('SELECT nothing FROM "Item" WHERE "id" IN', ids)).rejects.toThrow(DatabaseError);
    expect(await rowsIn(BY_ID, [ids[0]])).toHaveLength(1);
  });
});
