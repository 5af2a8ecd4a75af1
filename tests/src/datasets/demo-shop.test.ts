import { DEMO_DIR, prepareDemoShop, removeDemoShop } from '../../../src/datasets/demo-shop';
import { readDataset } from '../../../src/datasets/read-dataset';
import { openDatabase } from '../../../src/storage/database';
import { lastInteractionId, lastItemId, lastUserId } from '../../../src/storage/last-ids';
import type { Transaction } from '../../../src/storage/transaction';
import { createTestCatalogue } from '../../support/catalogue';
import { collect } from '../../support/collect';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('prepareDemoShop', () => {
  let shop: TestDatabase;
  let requests: number;

  beforeEach(async () => {
    [shop, requests] = [await openTestDatabase(), 0];
  });
  afterEach(() => shop.dispose());

  const requestTraining = async (_: Transaction) => requests++;

  /** A first start that ends after some interactions: all items are stored before. */
  async function prepareAndStop(): Promise<void> {
    const controller = new AbortController();
    const onProgress = (done: number) => void (done > 1772 && controller.abort());
    const options = { signal: controller.signal, onProgress, requestTraining };
    await expect(prepareDemoShop(shop.database, options)).rejects.toMatchObject({ name: 'AbortError' });
  }

  it('does not change a database that has rows', async () => {
    await shop.database.write((transaction) => transaction.user.create({ data: { externalId: 'ann' } }));
    expect(await prepareDemoShop(shop.database, { requestTraining })).toBe(false);
    expect(await shop.database.read.item.count()).toBe(0);
    expect(await shop.database.read.demoShop.count()).toBe(0);
  });

  it('continues where a first start stopped, and is loaded and trained once by several processes', async () => {
    await prepareAndStop();
    expect(await shop.database.read.item.count()).toBeGreaterThan(0);
    expect(requests).toBe(0);
    const other = await openDatabase(shop.url);
    try {
      const both = [shop.database, other].map((database) => prepareDemoShop(database, { requestTraining }));
      expect((await Promise.all(both)).sort()).toEqual([false, true]);
      expect(await prepareDemoShop(other, { requestTraining })).toBe(false);
    } finally {
      await other.dispose();
    }
    expect(requests).toBe(1);
    const { read } = shop.database;
    const [lastUser, lastItem, lastInteraction] = [await lastUserId(read), await lastItemId(read), await lastInteractionId(read)]; // prettier-ignore
    expect(lastInteraction).toBeGreaterThan(lastUser);
    expect(await read.demoShop.findMany()).toEqual([
      { id: 1, lastUserId: lastUser, lastItemId: lastItem, lastInteractionId: lastInteraction, isComplete: true },
    ]);
  }, 120_000);
});

describe('removeDemoShop', () => {
  it('leaves the items, the users and the events of others', async () => {
    const opened = await openTestDatabase();
    try {
      const { database } = opened;
      const { catalogue, services } = createTestCatalogue(opened);
      const demo = await readDataset(DEMO_DIR);
      const [gone, shared] = (await collect(demo.sequences())).map(({ userExternalId }) => userExternalId);
      const items = (await collect(demo.items())).slice(0, 3).map(({ externalId, title }) => ({ externalId, title }));
      await database.write(({ demoShop }) => demoShop.create({ data: { id: 1, lastUserId: 0, isComplete: true } }));
      await catalogue.upsertItems([...items, { externalId: 'own', title: 'Own' }], true);
      const record = (item: string, ...users: string[]) =>
        catalogue.recordInteractions(users.map((userExternalId) => ({ kind: 'PURCHASE', itemExternalId: item, userExternalId }))); // prettier-ignore
      await record(items[0].externalId, gone, shared);
      await record('own', 'ann', shared);
      expect(await removeDemoShop(services, {})).toBe(3);
      const { item, user, interaction, demoShop } = database.read;
      expect((await item.findMany()).map(({ externalId }) => externalId)).toEqual(['own']);
      expect((await user.findMany()).map(({ externalId }) => externalId).sort()).toEqual([shared, 'ann'].sort());
      expect([await interaction.count(), await demoShop.count()]).toEqual([2, 0]);
    } finally {
      await opened.dispose();
    }
  });
});
