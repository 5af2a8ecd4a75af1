import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { exportDataset } from '../../../src/datasets/export-dataset';
import { importDataset } from '../../../src/datasets/import-dataset';
import { readDataset } from '../../../src/datasets/read-dataset';
import { collect } from '../../support/collect';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { RESEARCH, SHOP, useFolder, type Files } from '../../support/dataset-files';

describe('exportDataset', () => {
  const write = useFolder();
  let shop: TestDatabase;
  beforeEach(async () => void (shop = await openTestDatabase()));
  afterEach(() => shop.dispose());

  async function load(files: Files): Promise<string> {
    const dir = write(files);
    await importDataset(shop.database, await readDataset(dir));
    return dir;
  }

  it('writes what an import reads as the same rows', async () => {
    const dir = await load({
      ...RESEARCH,
      'vectors.json': JSON.stringify({ rows: 3, dims: 2, dtype: 'int8', encoder: 'mine' }),
      'vectors.int8.bin': new Uint8Array([1, 0, 0, 1, 3, 4]),
    });
    const out = join(dir, 'out');
    expect(await exportDataset(shop.database, out)).toEqual({ items: 3, users: 2, interactions: 5 });
    const [before, after] = [await readDataset(dir), await readDataset(out)];
    expect(after.vectors).toMatchObject({ dims: 2, encoder: 'mine' });
    expect(await collect(after.items())).toEqual(await collect(before.items()));
    expect(await collect(after.sequences())).toEqual(await collect(before.sequences()));
  });

  it('keeps the days between the events, not their hours', async () => {
    const events = '1,20,2011-10-30T01:00\n1,10A,2011-10-31T09:00\n1,20,2011-10-31T23:00\n2,10A,2011-11-01\n';
    const files = { ...SHOP, 'events.csv': `customer_id,stock_code,timestamp\n${events}` };
    const out = join(await load(files), 'out');
    await exportDataset(shop.database, out);
    expect(readFileSync(join(out, 'gaps_days.txt'), 'utf8')).toBe('1 0 1 0\n2 0\n');
  });

  it('leaves out removed items and their interactions', async () => {
    const out = join(await load(RESEARCH), 'out');
    await shop.database.write((transaction) =>
      transaction.item.update({ where: { externalId: '1' }, data: { removedAt: new Date() } }),
    );
    expect(await exportDataset(shop.database, out)).toEqual({ items: 2, users: 2, interactions: 3 });
    expect(readFileSync(join(out, 'sequences.txt'), 'utf8')).toBe('ann b 3\nbob 3\n');
  });

  it('refuses a folder that has one of its files already', async () => {
    const dir = await load(RESEARCH);
    await expect(exportDataset(shop.database, dir)).rejects.toThrow(
      /items\.jsonl: expected a folder without this file, got a folder with it/,
    );
  });

  it('refuses an id with a blank', async () => {
    const dir = await load({ 'items.jsonl': '{"id":"a b"}\n{"id":"c"}', 'sequences.txt': 'ann c' });
    await expect(exportDataset(shop.database, join(dir, 'out'))).rejects.toThrow(
      /id "a b": expected an id without blanks/,
    );
  });
});
