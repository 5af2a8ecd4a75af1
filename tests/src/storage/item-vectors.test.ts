import { readVectors, storedVectorDims, vectorBytes, writeVectors } from '../../../src/storage/item-rows';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { openTestPostgres } from '../../support/postgres';

describe.each([
  ['sqlite', openTestDatabase],
  ['postgresql', openTestPostgres],
])('item vectors on %s', (_, open) => {
  let opened: TestDatabase;
  let ids: number[];
  beforeAll(async () => {
    opened = await open();
    const rows = Array.from({ length: 150 }, (_row, i) => ({ externalId: `${i}`, title: 'T', searchTitle: 't' }));
    await opened.database.write((transaction) => transaction.item.createMany({ data: rows }));
    ids = (await opened.database.read.item.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id);
  });
  afterAll(() => opened.dispose());

  /** Numbers that float32 keeps as they are, and the odd ones. */
  const valuesOf = (i: number) => Float32Array.of(i, -0.5 * i, 1 / 3, NaN, -Infinity, 1e-45);
  const store = (itemIds: readonly number[], encoder: string) =>
    opened.database.write(
      (transaction) =>
      writeVectors(transaction, itemIds.map((itemId, i) => ({ itemId, encoder, dims: 6, vector: valuesOf(i) }))), // prettier-ignore
    );

  it('has no width before there is a vector', async () => {
    expect(await storedVectorDims(opened.database.read)).toBeNull();
  });

  it('gives back every bit of more vectors than one query takes', async () => {
    await store(ids, 'first');
    const stored = await readVectors(opened.database.read, ids);
    expect(stored.size).toBe(150);
    for (const [i, itemId] of ids.entries())
      expect(stored.get(itemId)).toEqual({ itemId, encoder: 'first', dims: 6, vector: valuesOf(i) });
    expect(await storedVectorDims(opened.database.read)).toBe(6);
  });

  it('replaces the vectors of the items that are named, and no others', async () => {
    await store([ids[149], ids[3]], 'second');
    const stored = await readVectors(opened.database.read, [ids[2], ids[3], ids[149], 999_999]);
    expect([...stored.values()].map(({ itemId, encoder }) => [itemId, encoder]).sort()).toEqual(
      [[ids[2], 'first'], [ids[3], 'second'], [ids[149], 'second']].sort(), // prettier-ignore
    );
    expect(stored.get(ids[149])?.vector).toEqual(valuesOf(0));
  });
});

describe('vectorBytes', () => {
  it('takes only the part of a buffer that is the vector', () => {
    const part = Float32Array.of(1, 2, 3).subarray(1, 2);
    expect([...vectorBytes(part)]).toEqual([0, 0, 0, 0x40]); // 2 is 0x40000000, lowest byte first
  });
});
