import { itemIdsOf, liveItemIds } from '../../../src/storage/item-rows';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('which items there are', () => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase();
    const rows = Array.from({ length: 1_200 }, (_, i) => ({
      id: i + 1,
      externalId: `i${i + 1}`,
      title: 'T',
      searchTitle: 't',
    }));
    await opened.database.write(async (transaction) => {
      await transaction.item.createMany({ data: rows });
      await transaction.item.updateMany({ where: { id: { gt: 1_190 } }, data: { removedAt: new Date() } });
    });
  });
  afterAll(() => opened.dispose());

  describe('itemIdsOf', () => {
    it('finds removed items too, each once, and leaves out unknown ones', async () => {
      const found = await itemIdsOf(opened.database.read, ['i1195', 'none', 'i2', 'i2']);
      expect(found).toEqual(new Map([['i2', 2], ['i1195', 1_195]])); // prettier-ignore
    });

    it('finds more than one query may ask for', async () => {
      const names = Array.from({ length: 1_200 }, (_, i) => `i${i + 1}`);
      expect((await itemIdsOf(opened.database.read, names)).size).toBe(1_200);
    });
  });

  describe('liveItemIds', () => {
    it('leaves out removed and unknown items', async () => {
      expect(await liveItemIds(opened.database.read, [1_190, 1_191, 5, 9_999])).toEqual(new Set([1_190, 5]));
    });
  });
});
