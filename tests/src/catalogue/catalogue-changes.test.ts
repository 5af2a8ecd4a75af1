import type { PageArgs } from '../../../graphql/common/records';
import { readCodeTable } from '../../../src/semantic-ids/code-table';
import { readVectors } from '../../../src/storage/item-rows';
import {
  add,
  codesOf,
  describeCatalogue,
  expectCountsInStep,
  externalIds,
  opened,
  test,
  tokenizerId,
} from '../../support/catalogue-suite';
import { vectorOfCodes } from '../../support/fake-assigner';

const PAGE: PageArgs = { first: 100, after: null };

describeCatalogue('Catalogue: items that change, go and come back', () => {
  describe('updateItems', () => {
    it('refuses attributes that are too long', async () => {
      const [a] = await add({ externalId: 'a', attributes: { size: 3 } });
      const long = { text: 'x'.repeat(16 * 1024) };
      const { userErrors } = await test.catalogue.updateItems([{ itemId: a.id, attributes: long }], false);
      const message = 'attributes: expected at most 16384 bytes of JSON, got 16395';
      expect(userErrors).toEqual([{ code: 'OUT_OF_RANGE', message, field: ['items', '0', 'attributes'] }]);
    });

    it('changes what is given, empties what is null, leaves the rest', async () => {
      const [a] = await add({ externalId: 'a', brand: 'B', categories: ['x'], price: 3 });
      const { items } = await test.catalogue.updateItems(
        [{ itemId: a.id, brand: null, categories: ['y', 'z'] }],
        false,
      );
      expect(items[0]).toMatchObject({ title: a.title, brand: null, categories: ['y', 'z'], price: 3 });
      expect(await externalIds(test.catalogue.items(PAGE, { categories: ['z'] }))).toEqual(['a']);
      expect(await externalIds(test.catalogue.items(PAGE, { categories: ['x'] }))).toEqual([]);
      expect(test.commits.at(-1)).toMatchObject({ kind: 'ITEMS_UPDATED', changes: [] });
    });

    it('gives codes anew only when asked for', async () => {
      const [a] = await add({ externalId: 'a', title: '#1.1 a' });
      await test.catalogue.updateItems([{ itemId: a.id, title: '#2.2 a' }], false);
      expect(await codesOf(a.id)).toEqual([1, 1, 0]);
      await test.catalogue.updateItems([{ itemId: a.id, title: '#3.3 a' }], true);
      expect(await codesOf(a.id)).toEqual([3, 3, 0]);
      expect(test.commits.at(-1)?.changes).toEqual([{ itemId: a.id, before: [1, 1, 0], after: [3, 3, 0] }]);
      await expectCountsInStep();
    });

    it('takes another vector for an item, and gives it the codes of that one at once', async () => {
      const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', embedding: vectorOfCodes(1, 2) }); // prettier-ignore
      const patches = [a, b].map(({ id }) => ({ itemId: id, title: 'new', embedding: vectorOfCodes(3, 3) }));
      expect((await test.catalogue.updateItems(patches, false)).userErrors).toEqual([]);
      expect([await codesOf(a.id), await codesOf(b.id)]).toEqual([[3, 3, 0], [3, 3, 1]]); // prettier-ignore
      const stored = await readVectors(opened.database.read, [a.id, b.id]);
      for (const { encoder, vector } of stored.values()) {
        expect([encoder, [...vector]]).toEqual(['given', vectorOfCodes(3, 3)]);
      }
      await expectCountsInStep();
    });

    it('refuses a vector that is none, of another width or without meaning, and changes nothing', async () => {
      const items = await add(...['a', 'b', 'c', 'd'].map((externalId) => ({ externalId })));
      const embeddings = [null, [1, 2], new Array<number>(512).fill(0), [...vectorOfCodes(1, 1).slice(1), Infinity]];
      const patches = items.map(({ id }, i) => ({ itemId: id, price: 5, embedding: embeddings[i] }));
      const { userErrors } = await test.catalogue.updateItems(patches, false);
      expect(userErrors.map(({ code, message, field }) => [code, message, field?.join('.')])).toEqual([
        ['INVALID', 'embedding: expected 512 numbers, got 0', 'items.0.embedding'],
        ['INVALID', 'embedding: expected 512 numbers, got 2', 'items.1.embedding'],
        ['INVALID', 'embedding: expected numbers that are not all zero, got zeros', 'items.2.embedding'],
        ['INVALID', 'embedding: expected finite numbers, got Infinity', 'items.3.embedding'],
      ]);
      expect(await test.catalogue.item('b')).toMatchObject({ price: null });
    });

    it('cannot encode the new text of an item whose vector was given', async () => {
      const [a, b] = await add({ externalId: 'a' }, { externalId: 'b', embedding: vectorOfCodes(1, 1) });
      const update = (title: string) =>
        test.catalogue.updateItems([{ itemId: a.id, title }, { itemId: b.id, title }], true); // prettier-ignore
      expect((await update('#2.2')).userErrors).toMatchObject([
        { code: 'INVALID', field: ['items', '1', 'embedding'] },
      ]);
      expect(await test.catalogue.item('b')).toMatchObject({ title: b.title });
      expect((await update(b.title)).userErrors).toEqual([]);
    });

    it('keeps a vector that comes before a model is live', async () => {
      const [a] = await add({ externalId: 'a' });
      await opened.database.write((transaction) =>
        transaction.modelVersion.updateMany({ data: { status: 'RETIRED' } }),
      );
      const patch = { itemId: a.id, title: 'new', embedding: vectorOfCodes(3, 3) };
      expect((await test.catalogue.updateItems([patch], false)).userErrors).toEqual([]);
      const stored = (await readVectors(opened.database.read, [a.id])).get(a.id);
      expect([...stored!.vector]).toEqual(vectorOfCodes(3, 3));
    });

    it('changes nothing when one patch is wrong', async () => {
      const [a, b] = await add({ externalId: 'a' }, { externalId: 'b' });
      await test.catalogue.removeItems([b.id]);
      const { items, userErrors } = await test.catalogue.updateItems(
        [
          { itemId: a.id, title: 'new' },
          { itemId: a.id, title: 'newer' },
          { itemId: b.id, title: 'gone' },
          { itemId: 999_999, title: null },
        ],
        false,
      );
      expect(items).toEqual([null, null, null, null]);
      expect(userErrors.map(({ code, field }) => [code, field?.join('.')])).toEqual([
        ['DUPLICATE', 'items.1.itemId'],
        ['NOT_FOUND', 'items.2.itemId'],
        ['NOT_FOUND', 'items.3.itemId'],
        ['INVALID', 'items.3.title'],
      ]);
      expect((await test.catalogue.item('a'))?.title).toBe(a.title);
    });
  });

  describe('removeItems', () => {
    it('takes items out of the trie and keeps their interactions', async () => {
      const [a, b] = await add({ externalId: 'a' }, { externalId: 'b' });
      await test.catalogue.recordInteractions([{ userExternalId: 'u', itemExternalId: 'a', kind: 'PURCHASE' }]);
      const { items } = await test.catalogue.removeItems([a.id]);
      expect(items[0]?.removedAt).toBeInstanceOf(Date);
      expect(test.commits.at(-1)).toMatchObject({
        kind: 'ITEMS_REMOVED',
        changes: [{ itemId: a.id, before: [0, 0, 0], after: null }],
      });
      expect(await externalIds(test.catalogue.items(PAGE, null))).toEqual(['b']);
      expect(await test.catalogue.prefix([0, 0])).toEqual({ codes: [0, 0], itemCount: 1 });
      expect(await externalIds(test.catalogue.prefixItems([0], PAGE))).toEqual(['b']);
      expect(await opened.database.read.interaction.count()).toBe(1);
      const table = await readCodeTable(opened.database.read, tokenizerId);
      expect([...table.itemIds]).toEqual([a.id, b.id]);
      expect([...table.live]).toEqual([0, 1]);
      await expectCountsInStep();
    });

    it('refuses unknown items and those removed already', async () => {
      const [a] = await add({ externalId: 'a' });
      await test.catalogue.removeItems([a.id]);
      const { userErrors } = await test.catalogue.removeItems([a.id, 999_999]);
      expect(userErrors).toMatchObject([
        { code: 'CONFLICT', field: ['itemIds', '0'] },
        { code: 'NOT_FOUND', field: ['itemIds', '1'] },
      ]);
    });
  });

  describe('restoreItems', () => {
    it('brings items back with the semantic IDs that they had', async () => {
      const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#1.1 b', brand: 'B' });
      await test.catalogue.reassignSemanticIds({ assignments: [{ itemId: b.id, codes: [3, 3, 2] }], dryRun: false });
      await test.catalogue.removeItems([a.id, b.id]);
      const { items, userErrors } = await test.catalogue.restoreItems([b.id, a.id]);
      expect(userErrors).toEqual([]);
      expect(items).toMatchObject([
        { id: b.id, brand: 'B', removedAt: null },
        { id: a.id, removedAt: null },
      ]);
      expect([await codesOf(a.id), await codesOf(b.id)]).toEqual([
        [1, 1, 0],
        [3, 3, 2],
      ]);
      const changes = [
        { itemId: a.id, before: null, after: [1, 1, 0] },
        { itemId: b.id, before: null, after: [3, 3, 2] },
      ];
      const last = test.commits.at(-1);
      expect({ ...last, changes: last?.changes.toSorted((one, other) => one.itemId - other.itemId) }).toMatchObject({
        kind: 'ITEMS_RESTORED',
        changes,
      });
      await expectCountsInStep();
    });

    it('gives codes to an item that the active tokenizer has never seen', async () => {
      const [a] = await add({ externalId: 'a', title: '#1.1 a' });
      await test.catalogue.removeItems([a.id]);
      await opened.database.write((transaction) => transaction.semanticId.deleteMany());
      expect((await test.catalogue.restoreItems([a.id])).userErrors).toEqual([]);
      expect(await codesOf(a.id)).toEqual([1, 1, 0]);
      await expectCountsInStep();
    });

    it('refuses all when one is unknown, live, or named twice', async () => {
      const [a, b] = await add({ externalId: 'a' }, { externalId: 'b' });
      await test.catalogue.removeItems([a.id]);
      const result = await test.catalogue.restoreItems([a.id, b.id, 999_999, a.id]);
      expect(result.userErrors.map(({ code, field }) => [code, field?.join('.')])).toEqual([
        ['CONFLICT', 'itemIds.1'],
        ['NOT_FOUND', 'itemIds.2'],
        ['DUPLICATE', 'itemIds.3'],
      ]);
      expect(await externalIds(test.catalogue.items(PAGE, null))).toEqual(['b']);
    });
  });

  describe('recordInteractions', () => {
    it('records each event once and makes users on first sight', async () => {
      await add({ externalId: 'a' }, { externalId: 'b' });
      const events = [
        { eventId: 'e1', userExternalId: 'u', itemExternalId: 'a', kind: 'PURCHASE' as const },
        { eventId: 'e1', userExternalId: 'u', itemExternalId: 'a', kind: 'PURCHASE' as const },
        { eventId: null, userExternalId: 'v', itemExternalId: 'a', kind: 'VIEW' as const },
      ];
      const result = await test.catalogue.recordInteractions(events);
      expect(result.recorded).toBe(2);
      expect(result.users.map(({ externalId }) => externalId)).toEqual(['u', 'v']);
      expect((await test.catalogue.recordInteractions(events.slice(0, 2))).recorded).toBe(0);
      expect((await test.catalogue.item('a'))?.interactionCount).toBe(2);
      expect(test.popularity.top({ allow: null, deny: new Set(), first: 1 })).toMatchObject([{ share: 1 }]);
    });

    it('writes nothing when one event is wrong', async () => {
      await add({ externalId: 'a' });
      const { recorded, userErrors } = await test.catalogue.recordInteractions([
        { userExternalId: 'u', itemExternalId: 'a', kind: 'PURCHASE' },
        { userExternalId: 'u', itemExternalId: 'nothing', kind: 'PURCHASE' },
      ]);
      expect(recorded).toBe(0);
      expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['interactions', '1', 'itemExternalId'] }]);
      expect(await opened.database.read.user.count()).toBe(0);
    });
  });
});
