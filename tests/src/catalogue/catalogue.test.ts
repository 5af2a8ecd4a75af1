import type { PageArgs } from '../../../graphql/common/records';
import type { ItemRecord, NewItemArgs } from '../../../graphql/item/records';
import { readCodeTable } from '../../../src/semantic-ids/code-table';
import { codesKey } from '../../../src/storage/code-keys';
import { readVectors } from '../../../src/storage/item-vectors';
import {
  activateFakeModel,
  createTestCatalogue,
  emptyTables,
  type TestCatalogue,
  summaryOf,
} from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { vectorOfCodes } from '../../support/fake-assigner';
import { openTestPostgres } from '../../support/postgres';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';

const PAGE: PageArgs = { first: 100, after: null };

describe.each([
  ['sqlite', openTestDatabase],
  ['postgresql', openTestPostgres],
])('Catalogue (%s)', (_, open) => {
  let opened: TestDatabase;
  let test: TestCatalogue;
  let tokenizerId: number;

  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.dispose());
  beforeEach(async () => {
    await emptyTables(opened);
    ({ tokenizerId } = await activateFakeModel(opened));
    test = createTestCatalogue(opened);
    await test.popularity.load(opened.database.read);
  });

  /** Adds items titled "#a.b …", which get the codes [a, b] and the next collision token. */
  async function add(...items: (Partial<NewItemArgs> & { externalId: string })[]): Promise<ItemRecord[]> {
    const result = await test.catalogue.addItems(
      items.map((item) => ({ title: `#0.0 ${item.externalId}`, ...item })),
      true,
    );
    expect(result.userErrors).toEqual([]);
    return result.items as ItemRecord[];
  }

  async function codesOf(itemId: number): Promise<readonly number[] | null> {
    const row = await opened.database.read.semanticId.findUnique({
      where: { tokenizerId_itemId: { tokenizerId, itemId } },
    });
    return row && row.codesKey.split('.').map(Number);
  }

  async function expectCountsInStep(): Promise<void> {
    expect(await storedPrefixes(opened.database, tokenizerId)).toEqual(
      await recomputedPrefixes(opened.database, tokenizerId),
    );
  }

  async function externalIds(page: Promise<{ edges: readonly { node: ItemRecord }[] }>): Promise<string[]> {
    return (await page).edges.map(({ node }) => node.externalId);
  }

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
        { version: version - 1, kind: 'ITEMS_ADDED', itemCount: 1 },
        { version, kind: 'ITEMS_ADDED', itemCount: 1 },
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
          { externalId: 'cheap', title: 'cheap', price: -1 },
          { externalId: 'short', title: 'short', embedding: [1, 2] },
          { externalId: 'nan', title: 'nan', embedding: [Number.NaN, ...vectorOfCodes(1, 1).slice(1)] },
          { externalId: 'long', title: 'long', attributes: { text: 'ä'.repeat(8 * 1024) } },
        ],
        true,
      );
      expect(result.items).toEqual(Array(8).fill(null));
      expect(result.userErrors.map(({ code, field }) => [code, field?.join('.')])).toEqual([
        ['DUPLICATE', 'items.1.externalId'],
        ['DUPLICATE', 'items.2.externalId'],
        ['INVALID', 'items.3.title'],
        ['OUT_OF_RANGE', 'items.4.price'],
        ['INVALID', 'items.5.embedding'],
        ['INVALID', 'items.6.embedding'],
        ['OUT_OF_RANGE', 'items.7.attributes'],
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

  describe('reassignSemanticIds', () => {
    it('takes whole IDs, and codes for which it finds the token', async () => {
      const [a, b, c] = await add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c', title: '#1.1 c' });
      const { changes, userErrors } = await test.catalogue.reassignSemanticIds({
        assignments: [
          { itemId: a.id, codes: [2, 2, 3] },
          { itemId: b.id, codes: [1, 1] },
        ],
        dryRun: false,
      });
      expect(userErrors).toEqual([]);
      expect(changes).toEqual([
        { itemId: a.id, before: [0, 0, 0], after: [2, 2, 3] },
        { itemId: b.id, before: [0, 0, 1], after: [1, 1, 1] },
      ]);
      expect(await codesOf(c.id)).toEqual([1, 1, 0]);
      await expectCountsInStep();
    });

    it('lets two items swap', async () => {
      const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#2.2 b' });
      const { userErrors } = await test.catalogue.reassignSemanticIds({
        assignments: [
          { itemId: a.id, codes: [2, 2, 0] },
          { itemId: b.id, codes: [1, 1, 0] },
        ],
        dryRun: false,
      });
      expect(userErrors).toEqual([]);
      expect([await codesOf(a.id), await codesOf(b.id)]).toEqual([
        [2, 2, 0],
        [1, 1, 0],
      ]);
      await expectCountsInStep();
    });

    it('shows the same changes on a dry run, and writes nothing', async () => {
      const [a] = await add({ externalId: 'a' });
      const args = { assignments: [{ itemId: a.id, codes: [3, 3] }] };
      const before = await summaryOf(test.catalogue);
      const dry = await test.catalogue.reassignSemanticIds({ ...args, dryRun: true });
      expect(dry.catalogueVersion).toBeNull();
      expect(await summaryOf(test.catalogue)).toEqual(before);
      const wet = await test.catalogue.reassignSemanticIds({ ...args, dryRun: false });
      expect(wet.changes).toEqual(dry.changes);
      expect(wet.catalogueVersion).toBe(before.version + 1);
    });

    it('tells who collides and whose similar items change, before as after', async () => {
      // a and b collide, c is alone below [1]; d and e share the first code only.
      const [a, b, c, d, e] = await add(
        { externalId: 'a', title: '#1.1 a' },
        { externalId: 'b', title: '#1.1 b' },
        { externalId: 'c', title: '#1.2 c' },
        { externalId: 'd', title: '#2.0 d' },
        { externalId: 'e', title: '#2.1 e' },
      );
      const args = { assignments: [{ itemId: b.id, codes: [2, 1] }] };
      const dry = await test.catalogue.reassignSemanticIds({ ...args, dryRun: true });
      expect(dry.impact).toEqual({
        collisionsMade: [e.id], // b collided before, and does after
        collisionsSolved: [a.id],
        // a: was b, is c. b: was a, is e. c: was {a, b}, is a. d: was e, is {b, e}. e: was d, is b.
        similarItemsChanged: [a.id, b.id, c.id, d.id, e.id],
      });
      const wet = await test.catalogue.reassignSemanticIds({
        ...args,
        dryRun: false,
        ifCatalogueVersion: dry.baseVersion,
      });
      expect(wet).toEqual({ ...dry, catalogueVersion: dry.baseVersion! + 1 });
    });

    it('refuses wrong codes, each by its place', async () => {
      const [a, b, c] = await add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c', title: '#1.1 c' });
      const reassign = (...codes: number[][]) =>
        test.catalogue.reassignSemanticIds({
          assignments: [a, b].slice(0, codes.length).map(({ id }, i) => ({ itemId: id, codes: codes[i] })),
          dryRun: false,
        });
      expect((await reassign([1])).userErrors).toMatchObject([
        { code: 'INVALID', field: ['assignments', '0', 'codes'] },
      ]);
      expect((await reassign([0, 4])).userErrors).toMatchObject([
        { code: 'OUT_OF_RANGE', field: ['assignments', '0', 'codes', '1'] },
      ]);
      expect((await reassign([0, -1])).userErrors).toMatchObject([{ code: 'OUT_OF_RANGE' }]);
      expect((await reassign([1, 1, 0])).userErrors).toMatchObject([{ code: 'TAKEN' }]);
      expect((await reassign([2, 2, 0], [2, 2, 0])).userErrors).toMatchObject([
        { code: 'TAKEN', field: ['assignments', '1', 'codes'] },
      ]);
      expect(await Promise.all([a, b, c].map(({ id }) => codesOf(id)))).toEqual([
        [0, 0, 0],
        [0, 0, 1],
        [1, 1, 0],
      ]);
    });

    it('makes codes anew for items, a prefix or all, and keeps those that are right', async () => {
      const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#1.1 b' });
      await test.catalogue.reassignSemanticIds({ assignments: [{ itemId: a.id, codes: [3, 0, 2] }], dryRun: false });
      for (const selector of [{ all: true }, { itemIds: [a.id, b.id] }, { prefix: [3] }]) {
        const { changes } = await test.catalogue.reassignSemanticIds({ ...selector, dryRun: true });
        expect(changes).toEqual([{ itemId: a.id, before: [3, 0, 2], after: [1, 1, 0] }]);
      }
      const none = await test.catalogue.reassignSemanticIds({ prefix: [2], dryRun: false });
      expect(none.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['prefix'] }]);
    });

    it('refuses two selectors, a passed version, and anything before a model is live', async () => {
      const [a] = await add({ externalId: 'a' });
      const reassign = test.catalogue.reassignSemanticIds.bind(test.catalogue);
      const both = await reassign({ all: true, itemIds: [a.id], dryRun: false });
      expect(both.userErrors).toMatchObject([{ code: 'INVALID', field: null }]);
      const late = await reassign({ all: true, dryRun: false, ifCatalogueVersion: 0 });
      expect(late.userErrors).toMatchObject([{ code: 'CONFLICT', field: ['ifCatalogueVersion'] }]);
      await emptyTables(opened);
      expect((await reassign({ all: true, dryRun: false })).userErrors).toMatchObject([{ code: 'NO_LIVE_MODEL' }]);
    });
  });

  describe('undoReassignment', () => {
    const reassign = async (...assignments: { itemId: number; codes: number[] }[]) => {
      const result = await test.catalogue.reassignSemanticIds({ assignments, dryRun: false });
      expect(result.userErrors).toEqual([]);
      return result;
    };

    it('is the exact inverse, and can be undone', async () => {
      const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#2.2 b' });
      const swapped = await reassign({ itemId: a.id, codes: [2, 2, 0] }, { itemId: b.id, codes: [1, 1, 0] });
      const dry = await test.catalogue.undoReassignment(swapped.catalogueVersion!, true);
      expect(dry).toMatchObject({ catalogueVersion: null, userErrors: [] });
      expect(await codesOf(a.id)).toEqual([2, 2, 0]);
      const undone = await test.catalogue.undoReassignment(swapped.catalogueVersion!, false);
      expect(undone.changes).toEqual(
        swapped.changes.map(({ itemId, before, after }) => ({ itemId, before: after, after: before })),
      );
      expect(undone.changes).toEqual(dry.changes);
      expect([await codesOf(a.id), await codesOf(b.id)]).toEqual([
        [1, 1, 0],
        [2, 2, 0],
      ]);
      await test.catalogue.undoReassignment(undone.catalogueVersion!, false);
      expect(await codesOf(a.id)).toEqual([2, 2, 0]);
      await expectCountsInStep();
    });

    it('takes several back, the last one first', async () => {
      const [a] = await add({ externalId: 'a' });
      const versions = [];
      for (const code of [1, 2, 3]) {
        versions.push((await reassign({ itemId: a.id, codes: [code, code, 0] })).catalogueVersion!);
      }
      for (const [version, codes] of [
        [versions[2], [2, 2, 0]],
        [versions[1], [1, 1, 0]],
        [versions[0], [0, 0, 0]],
      ] as const) {
        expect((await test.catalogue.undoReassignment(version, false)).userErrors).toEqual([]);
        expect(await codesOf(a.id)).toEqual(codes);
      }
    });

    it('refuses when an item has changed since, or another one has its former codes', async () => {
      const [a, b, c] = await add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c' });
      const first = await reassign({ itemId: a.id, codes: [1, 1, 0] });
      await reassign({ itemId: a.id, codes: [2, 2, 0] });
      const second = await reassign({ itemId: b.id, codes: [3, 3, 0] });
      await reassign({ itemId: c.id, codes: [0, 0, 1] });
      const { catalogueVersion: third } = await reassign({ itemId: c.id, codes: [3, 0, 0] });
      await reassign({ itemId: a.id, codes: [0, 0, 1] });
      await test.catalogue.removeItems([c.id]);
      for (const version of [first.catalogueVersion!, second.catalogueVersion!, third!]) {
        const refused = await test.catalogue.undoReassignment(version, false);
        expect(refused).toMatchObject({ changes: [], catalogueVersion: null });
        expect(refused.userErrors).toMatchObject([{ code: 'CONFLICT', field: ['catalogueVersion'] }]);
      }
      expect(await codesOf(b.id)).toEqual([3, 3, 0]);
    });

    it('refuses what is no reassignment, and what was made under another tokenizer', async () => {
      const [a] = await add({ externalId: 'a' });
      const version = await test.catalogue.version();
      const codeOf = async (number: number) =>
        (await test.catalogue.undoReassignment(number, false)).userErrors[0].code;
      expect(await codeOf(version)).toBe('INVALID');
      expect(await codeOf(version + 1)).toBe('NOT_FOUND');
      const { catalogueVersion } = await reassign({ itemId: a.id, codes: [1, 1, 0] });
      await opened.database.write((transaction) =>
        transaction.modelVersion.updateMany({ data: { status: 'RETIRED' } }),
      );
      expect(await codeOf(catalogueVersion!)).toBe('NO_LIVE_MODEL');
      await activateFakeModel(opened, 2);
      expect(await codeOf(catalogueVersion!)).toBe('CONFLICT');
    });
  });

  describe('items', () => {
    beforeEach(async () => {
      await add(
        { externalId: 'a', title: '#1.1 Red Mug 100%', brand: 'A', categories: ['mugs'], price: 5 },
        { externalId: 'b', title: '#1.2 Blue mug', brand: 'B', categories: ['mugs', 'blue'], price: 10 },
        { externalId: 'c', title: '#2.2 Lamp_x', brand: 'B', price: 20 },
        { externalId: 'd', title: '#2.2 Lamp' },
      );
    });

    it('finds those that a filter lets pass', async () => {
      expect(await externalIds(test.catalogue.items(PAGE, { brands: ['B'], maxPrice: 10 }))).toEqual(['b']);
    });

    it('turns pages without gaps or repeats', async () => {
      const seen: string[] = [];
      for (let after: string | null = null, more = true; more;) {
        const page = await test.catalogue.items({ first: 3, after }, null);
        seen.push(...page.edges.map(({ node }) => node.externalId));
        after = page.edges.at(-1)?.cursor ?? null;
        more = page.hasNextPage;
      }
      expect(seen).toEqual(['a', 'b', 'c', 'd']);
    });

    it('refuses a cursor that is not its own', async () => {
      await expect(test.catalogue.items({ first: 3, after: 'nonsense' }, null)).rejects.toMatchObject({
        extensions: { code: 'BAD_USER_INPUT' },
      });
    });
  });

  describe('prefixes', () => {
    beforeEach(async () => {
      await add(
        { externalId: 'a', title: '#1.1 a', categories: ['x'] },
        { externalId: 'b', title: '#1.1 b', categories: ['x', 'y'] },
        { externalId: 'c', title: '#1.2 c', categories: ['y', 'x'] },
        { externalId: 'd', title: '#2.0 d', categories: ['z'] },
        { externalId: 'e', title: '#1.1 e' },
      );
    });

    it('counts, and names the children', async () => {
      expect(await test.catalogue.prefix([])).toEqual({ codes: [], itemCount: 5 });
      expect(await test.catalogue.prefix([1, 1, 0])).toEqual({ codes: [1, 1, 0], itemCount: 1 });
      expect(await test.catalogue.prefix([3])).toBeNull();
      expect(await test.catalogue.prefix([1, 1, 0, 0])).toBeNull();
      expect(await test.catalogue.prefix([0.5])).toBeNull();
      const first = await test.catalogue.prefixChildren([1], { first: 1, after: null });
      expect(first).toMatchObject({ edges: [{ node: { codes: [1, 1], itemCount: 3 } }], hasNextPage: true });
      const second = await test.catalogue.prefixChildren([1], { first: 1, after: first.edges[0].cursor });
      expect(second).toMatchObject({ edges: [{ node: { codes: [1, 2], itemCount: 1 } }], hasNextPage: false });
    });

    it('knows what items below a prefix have in common', async () => {
      expect(await test.catalogue.topCategories([1])).toEqual(['x', 'y']);
      expect(await test.catalogue.topCategories([])).toEqual(['x', 'y', 'z']);
      expect(await test.catalogue.topCategories([3])).toEqual([]);
    });

    it('finds similar items by the longest shared prefix, page by page', async () => {
      const item = await test.catalogue.item('b');
      const first = await test.catalogue.similarItems(item!.id, { first: 2, after: null });
      expect(first.edges.map(({ node }) => node.externalId)).toEqual(['a', 'e']);
      const second = await test.catalogue.similarItems(item!.id, { first: 2, after: first.edges[1].cursor });
      expect(second.edges.map(({ node }) => node.externalId)).toEqual(['c']);
      expect(second.hasNextPage).toBe(false);
    });

    it('reports the use of codebooks and the collisions', async () => {
      const [level0, level1] = await test.catalogue.levels();
      expect(level0).toMatchObject({ level: 0, size: 4, usedCodes: 2, histogram: [0, 4, 1, 0] });
      // exp(-(0.8 ln 0.8 + 0.2 ln 0.2))
      expect(level0.perplexity).toBeCloseTo(1.64938, 4);
      expect(level1.histogram).toEqual([1, 3, 1, 0]);
      expect(await test.catalogue.collisions()).toEqual({ collidingItemCount: 3, rate: 0.6 });
      expect(await test.catalogue.largestCollisionGroups(10)).toEqual([{ codes: [1, 1], itemCount: 3 }]);
    });
  });

  it('writes keys that sort as codes do', async () => {
    const [a, b, c] = await add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c' });
    await test.catalogue.reassignSemanticIds({
      assignments: [
        { itemId: a.id, codes: [3, 0, 0] },
        { itemId: b.id, codes: [0, 3, 3] },
        { itemId: c.id, codes: [0, 3, 0] },
      ],
      dryRun: false,
    });
    expect(await externalIds(test.catalogue.prefixItems([], PAGE))).toEqual(['c', 'b', 'a']);
    expect(codesKey([0, 3, 12])).toBe('0000.0003.0012');
  });
});
