import type { PageArgs } from '../../../graphql/common/records';
import { createTestCatalogue, emptyTables, summaryOf } from '../../support/catalogue';
import {
  add,
  codesOf,
  describeCatalogue,
  expectCountsInStep,
  externalIds,
  opened,
  test,
} from '../../support/catalogue-suite';
import { vectorOfCodes } from '../../support/fake-assigner';

const PAGE: PageArgs = { first: 100, after: null };

describeCatalogue('Catalogue: items that are added', () => {
  describe('addItems', () => {
    it('gives items codes at once, with the lowest free collision token', async () => {
      const items = await add(
        { externalId: 'a', title: '#1.2 a', brand: 'B', categories: ['x', 'y'], price: 2.5, attributes: { size: 3 } },
        { externalId: 'b', title: '#1.2 b' },
        { externalId: 'c', embedding: vectorOfCodes(3, 1) },
      );
      expect(items[0]).toMatchObject({ brand: 'B', categories: ['x', 'y'], price: 2.5, attributes: { size: 3 } });
      expect(await Promise.all(items.map(({ id }) => codesOf(id)))).toEqual([
        [1, 2, 0],
        [1, 2, 1],
        [3, 1, 0],
      ]);
      expect(await summaryOf(test.catalogue)).toMatchObject({ itemCount: 3, tokenizedItemCount: 3 });
      await expectCountsInStep();
    });

    it('tells the listener and the topic, in the order of the log', async () => {
      const added = await Promise.all([add({ externalId: 'a' }), add({ externalId: 'b' })]);
      const [a, b] = added.flat().sort((one, other) => one.id - other.id); // either may come first
      const version = await test.catalogue.version();
      const common = { kind: 'ITEMS_ADDED' };
      expect(test.commits).toEqual([
        {
          ...common,
          version: version - 1,
          itemIds: [a.id],
          changes: [{ itemId: a.id, before: null, after: [0, 0, 0] }],
        },
        { ...common, version, itemIds: [b.id], changes: [{ itemId: b.id, before: null, after: [0, 0, 1] }] },
      ]);
      expect(test.hub.published('CATALOGUE_CHANGES')).toEqual([
        { version: version - 1, kind: 'ITEMS_ADDED', itemCount: 1, changedAt: expect.any(Date) },
        { version, kind: 'ITEMS_ADDED', itemCount: 1, changedAt: expect.any(Date) },
      ]);
    });

    it('refuses all when one is wrong and the call is atomic', async () => {
      await add({ externalId: 'old' });
      const result = await test.catalogue.addItems(
        [
          { externalId: 'new', title: 'fine' },
          { externalId: 'new', title: 'twice' },
          { externalId: 'old', title: 'known' },
          { externalId: 'blank', title: ' ' },
          { externalId: 'short', title: 'short', embedding: [1, 2] },
          { externalId: 'nan', title: 'nan', embedding: [Number.NaN, ...vectorOfCodes(1, 1).slice(1)] },
          { externalId: 'long', title: 'long', attributes: { text: 'ä'.repeat(8 * 1024) } },
        ],
        true,
      );
      expect(result.items).toEqual(Array(7).fill(null));
      expect(result.userErrors.map(({ code, field }) => [code, field?.join('.')])).toEqual([
        ['DUPLICATE', 'items.1.externalId'],
        ['DUPLICATE', 'items.2.externalId'],
        ['INVALID', 'items.3.title'],
        ['INVALID', 'items.4.embedding'],
        ['INVALID', 'items.5.embedding'],
        ['OUT_OF_RANGE', 'items.6.attributes'],
      ]);
      expect(await externalIds(test.catalogue.items(PAGE, null))).toEqual(['old']);
      expect(test.commits).toHaveLength(1);
    });

    it('adds the right ones when it is not atomic', async () => {
      const result = await test.catalogue.addItems(
        [
          { externalId: 'a', title: '' },
          { externalId: 'b', title: 'b' },
        ],
        false,
      );
      expect(result.items.map((item) => item?.externalId ?? null)).toEqual([null, 'b']);
      expect(result.userErrors).toHaveLength(1);
    });

    it('moves an item to the nearest other code of the last level when its group is full', async () => {
      const items = await add(...Array.from({ length: 10 }, (_, i) => ({ externalId: `${i}`, title: '#2.3 same' })));
      expect((await Promise.all(items.map(({ id }) => codesOf(id)))).map(String)).toEqual([
        ...['2,3,0', '2,3,1', '2,3,2', '2,3,3'],
        ...['2,0,0', '2,0,1', '2,0,2', '2,0,3'],
        ...['2,1,0', '2,1,1'],
      ]);
      // Who was moved stays there, as long as its own group is full.
      const again = await test.catalogue.reassignSemanticIds({ all: true, dryRun: false });
      expect(again).toMatchObject({ changes: [], userErrors: [] });
      await expectCountsInStep();
    });

    it('refuses the item for which no code of the last level has room', async () => {
      await add(...Array.from({ length: 16 }, (_, i) => ({ externalId: `${i}` })));
      const result = await test.catalogue.addItems(
        [
          { externalId: 'e', title: '#0.0 e' },
          { externalId: 'f', title: '#1.1 f' },
        ],
        false,
      );
      expect(result.userErrors).toMatchObject([{ code: 'OUT_OF_RANGE', field: ['items', '0'] }]);
      expect(result.items.map((item) => item?.externalId ?? null)).toEqual([null, 'f']);
      await expectCountsInStep();
    });

    it('refuses no items and more than a thousand', async () => {
      const many = Array.from({ length: 1_001 }, (_, i) => ({ externalId: `i${i}`, title: 't' }));
      expect((await test.catalogue.addItems([], true)).userErrors).toMatchObject([{ code: 'INVALID' }]);
      expect((await test.catalogue.addItems(many, true)).userErrors).toMatchObject([{ code: 'TOO_MANY' }]);
    });

    it('adds, finds, records and removes a thousand at once', async () => {
      const names = Array.from({ length: 1_000 }, (_, i) => `i${i}`);
      const items = await test.catalogue.addItems(
        names.map((externalId, i) => ({
          externalId,
          title: `#${i & 3}.${(i >> 2) & 3} ${externalId}`,
          categories: [externalId],
        })),
        false,
      );
      // 16 groups of 4 collision tokens.
      expect(items.userErrors).toHaveLength(1_000 - 64);
      const filter = { externalIds: names, excludeExternalIds: names.slice(1), categories: names, brands: null };
      expect(await externalIds(test.catalogue.items(PAGE, filter))).toEqual(['i0']);
      const events = names.map((name) => ({
        userExternalId: name,
        itemExternalId: 'i0',
        kind: 'VIEW' as const,
        eventId: name,
      }));
      expect(await test.catalogue.recordInteractions(events)).toMatchObject({ recorded: 1_000, userErrors: [] });
      const ids = items.items.flatMap((item) => item?.id ?? []);
      expect(
        (
          await test.catalogue.updateItems(
            ids.map((itemId) => ({ itemId, price: 1 })),
            true,
          )
        ).userErrors,
      ).toEqual([]);
      expect((await test.catalogue.removeItems(ids)).userErrors).toEqual([]);
      await expectCountsInStep();
    });

    it('brings a removed item back, under its old id and codes', async () => {
      const [a] = await add({ externalId: 'a', title: '#1.1 a' });
      await test.catalogue.removeItems([a.id]);
      const [again] = await add({ externalId: 'a', title: '#1.1 again' });
      expect(again).toMatchObject({ id: a.id, title: '#1.1 again', removedAt: null });
      expect(await codesOf(a.id)).toEqual([1, 1, 0]);
      expect(test.commits.at(-1)).toMatchObject({
        kind: 'ITEMS_RESTORED',
        changes: [{ itemId: a.id, before: null, after: [1, 1, 0] }],
      });
      await expectCountsInStep();
    });

    it('stores items without codes while no model is live', async () => {
      await emptyTables(opened);
      const [item] = await add({ externalId: 'a' });
      expect(await codesOf(item.id)).toBeNull();
      expect(await opened.database.read.itemVector.count()).toBe(1);
      expect(test.commits.at(-1)).toMatchObject({ kind: 'ITEMS_ADDED', changes: [] });
    });

    it('writes nothing when the transaction fails half-way', async () => {
      const { database } = opened;
      const original = database.write;
      const failing = {
        ...database,
        write: <T>(work: Parameters<typeof original<T>>[0]) =>
          original<T>(async (transaction) => {
            await work(transaction);
            throw new Error('disk full');
          }),
      };
      const broken = createTestCatalogue({ ...opened, database: failing });
      await expect(broken.catalogue.addItems([{ externalId: 'a', title: 'a' }], true)).rejects.toThrow('disk full');
      expect(broken.commits).toEqual([]);
      expect(await summaryOf(test.catalogue)).toMatchObject({ itemCount: 0, tokenizedItemCount: 0, version: 0 });
    });
  });
});
