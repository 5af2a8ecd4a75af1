import { readVectors, storedVectorDims, writeCategories, writeVectors } from '../../../src/storage/item-rows';
import { useTestDatabase } from '../../support/database';
import { describeOnBoth } from '../../support/postgres';

describe('writeCategories', () => {
  const opened = useTestDatabase();
  let ids: number[];
  beforeAll(async () => {
    const data = ['a', 'b'].map((externalId) => ({ externalId, title: 't', sortTitle: 't', categories: [] }));
    await opened.database.write((transaction) => transaction.item.createMany({ data }));
    ids = (await opened.database.read.item.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id);
  });

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

describeOnBoth('item vectors', (opened) => {
  let ids: number[];
  beforeAll(async () => {
    const rows = Array.from({ length: 150 }, (_row, i) => ({ externalId: `${i}`, title: 'T', sortTitle: 't' }));
    await opened.database.write((transaction) => transaction.item.createMany({ data: rows }));
    ids = (await opened.database.read.item.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id);
  });

  /** Numbers that float32 keeps as they are, and the odd ones. */
  const valuesOf = (i: number) => Float32Array.of(i, -0.5 * i, 1 / 3, NaN, -Infinity, 1e-45);
  const store = (itemIds: readonly number[], encoder: string) =>
    opened.database.write(
      (transaction) =>
      writeVectors(transaction, itemIds.map((itemId, i) => ({ itemId, encoder, dims: 6, vector: valuesOf(i) }))), // prettier-ignore
    );

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
