import { SENTENCE_ENCODER } from '../../../models/text/sentence-encoder';
import { importDataset } from '../../../src/datasets/import-dataset';
import { readDataset } from '../../../src/datasets/read-dataset';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { RESEARCH, useFolder } from '../../support/dataset-files';

describe('importDataset', () => {
  const write = useFolder();
  let shop: TestDatabase;
  beforeEach(async () => void (shop = await openTestDatabase()));
  afterEach(() => shop.dispose());

  const vectors = (dims: number) => ({
    'vectors.json': JSON.stringify({ rows: 3, dims, dtype: 'int8' }),
    'vectors.int8.bin': new Uint8Array(3 * dims).fill(1),
  });

  it('adds purchases in the order of the histories, and reports its progress', async () => {
    const progress: [number, number][] = [];
    const onProgress = (done: number, total: number) => void progress.push([done, total]);
    const counts = await importDataset(shop.database, await readDataset(write(RESEARCH)), { onProgress });
    expect(counts).toMatchObject({ newItems: 3, newUsers: 2, newInteractions: 5 });
    expect(progress.at(-1)).toEqual([8, 8]);
    const rows = await shop.database.read.interaction.findMany({
      where: { user: { externalId: 'ann' } },
      orderBy: { occurredAt: 'asc' },
      select: { kind: true, item: { select: { externalId: true } } },
    });
    expect(rows).toEqual(['1', 'b', '3'].map((externalId) => ({ kind: 'PURCHASE', item: { externalId } })));
  });

  it('adds only what is new when a dataset has grown', async () => {
    await importDataset(shop.database, await readDataset(write(RESEARCH)));
    const grown = write({ ...RESEARCH, 'sequences.txt': 'ann 1 b 3\nbob 3 1 b\ncid 1\n' });
    expect(await importDataset(shop.database, await readDataset(grown))).toMatchObject({
      newItems: 0,
      newUsers: 1,
      newInteractions: 2,
    });
  });

  it('refuses vectors of another width than those in the database, and writes nothing', async () => {
    await importDataset(shop.database, await readDataset(write({ ...RESEARCH, ...vectors(4) })));
    const wide = write({ 'items.jsonl': '{"id":7}\n{"id":8}\n{"id":9}', 'sequences.txt': 'dan 7', ...vectors(8) });
    await expect(importDataset(shop.database, await readDataset(wide))).rejects.toThrow(
      'vectors: expected 4 numbers each, as in the database, got 8',
    );
    expect(await shop.database.read.item.count()).toBe(3);
  });

  it('refuses vectors of another encoder beside those of the built-in one, though they are as wide', async () => {
    const { database } = shop;
    await importDataset(database, await readDataset(write({ ...RESEARCH, ...vectors(4) })));
    await database.write((transaction) => transaction.itemVector.updateMany({ data: { encoder: SENTENCE_ENCODER } }));
    const others = write({ 'items.jsonl': '{"id":7}\n{"id":8}\n{"id":9}', 'sequences.txt': 'dan 7', ...vectors(4) });
    await expect(importDataset(database, await readDataset(others))).rejects.toThrow(
      'vectors: expected those of use-lite-en, which the database has, got those of given',
    );
    expect(await database.read.item.count()).toBe(3);
  });

  it('gives items that came without a vector the one that a later import brings', async () => {
    const { database } = shop;
    await importDataset(database, await readDataset(write(RESEARCH)));
    expect(await database.read.itemVector.count()).toBe(0);
    await importDataset(database, await readDataset(write({ ...RESEARCH, ...vectors(4) })));
    expect(await database.read.itemVector.findMany({ select: { encoder: true, dims: true } })).toEqual(
      Array(3).fill({ encoder: 'given', dims: 4 }),
    );
  });
});
