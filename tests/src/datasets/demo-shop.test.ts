import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { completeDemoShop, prepareDemoShop } from '../../../src/datasets/demo-shop';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('prepareDemoShop', () => {
  let shop: TestDatabase;
  let dataDir: string;

  beforeEach(async () => {
    shop = await openTestDatabase();
    dataDir = mkdtempSync(join(tmpdir(), 'tigerql-demo-'));
  });
  afterEach(async () => {
    await shop.dispose();
    rmSync(dataDir, { recursive: true });
  });

  /** A first start that ends after its first transaction. */
  async function prepareAndStop(): Promise<void> {
    const controller = new AbortController();
    const options = { signal: controller.signal, onProgress: () => controller.abort() };
    await expect(prepareDemoShop(shop.database, dataDir, options)).rejects.toMatchObject({ name: 'AbortError' });
  }

  it('continues where a first start stopped, and loads nothing twice', async () => {
    await prepareAndStop();
    const loaded = await shop.database.read.item.count();
    expect(loaded).toBeGreaterThan(0);
    await prepareAndStop();
    expect(await shop.database.read.item.count()).toBe(loaded);
  });

  it('does not change a database that has rows', async () => {
    await shop.database.write((transaction) => transaction.user.create({ data: { externalId: 'ann' } }));
    expect(await prepareDemoShop(shop.database, dataDir)).toBe(false);
    expect(await shop.database.read.item.count()).toBe(0);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('loads nothing more after the training has been requested', async () => {
    await prepareAndStop();
    await completeDemoShop(dataDir);
    expect(existsSync(join(dataDir, 'demo-shop.unfinished'))).toBe(false);
    expect(await prepareDemoShop(shop.database, dataDir)).toBe(false);
  });
});
