import type { NewItemArgs } from '../../../graphql/item/records';
import { addItems } from '../../../src/catalogue/item-additions';
import { readVectors } from '../../../src/storage/item-rows';
import { createTestCatalogue, emptyTables, summaryOf } from '../../support/catalogue';
import {
  add,
  codesOf,
  describeCatalogue,
  expectCountsInStep,
  externalIds,
  logged,
  opened,
  placesOf,
  test,
  tokenizerId,
} from '../../support/catalogue-suite';
import { FAKE_DIMS, vectorOfCodes } from '../../support/fake-assigner';

const PAGE = { first: 100, after: null };
const FULL = Array.from({ length: 16 }, (_, i) => ({ externalId: `${i}`, title: '#1.0' }));

describeCatalogue('addItems', () => {
  const call = (items: NewItemArgs[], atomic = false) => test.catalogue.addItems(items, atomic);
  const nameOf = (item: { externalId: string } | null) => item?.externalId ?? null;
  const kinds = async () => (await logged()).map(({ kind }) => kind);

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

  it('stores each item’s own vector, and who made it', async () => {
    const [a, b, c] = await add(
      { externalId: 'a', title: '#1.2 a' },
      { externalId: 'b', embedding: vectorOfCodes(3, 0) },
      { externalId: 'c', title: '#2.1 c' },
    );
    const vectors = await readVectors(opened.database.read, [a.id, b.id, c.id]);
    const shown = [a, b, c].map(({ id }) => [vectors.get(id)!.encoder, ...vectors.get(id)!.vector.subarray(0, 2)]);
    expect(shown).toEqual([['use-lite-en', 2, 3], ['given', 4, 1], ['use-lite-en', 3, 2]]); // prettier-ignore
    expect(vectors.get(a.id)).toMatchObject({ dims: FAKE_DIMS, itemId: a.id });
  });

  it('tells the listener and the topic, in the order of the log', async () => {
    const added = await Promise.all([add({ externalId: 'a' }), add({ externalId: 'b' })]);
    const [a, b] = added.flat().sort((one, other) => one.id - other.id); // either may come first
    const version = await test.catalogue.version();
    const kind = 'ITEMS_ADDED';
    expect(test.commits).toEqual([
      { kind, version: version - 1, itemIds: [a.id], changes: [{ itemId: a.id, before: null, after: [0, 0, 0] }] },
      { kind, version, itemIds: [b.id], changes: [{ itemId: b.id, before: null, after: [0, 0, 1] }] },
    ]);
    expect(test.hub.published('CATALOGUE_CHANGES')).toEqual([
      { version: version - 1, kind, itemCount: 1, changedAt: expect.any(Date) },
      { version, kind, itemCount: 1, changedAt: expect.any(Date) },
    ]);
  });

  it('refuses all when one is wrong and the call is atomic', async () => {
    await add({ externalId: 'old' });
    const result = await call(
      [
        { externalId: 'new', title: 'fine' },
        { externalId: 'new', title: 'twice' },
        { externalId: 'old', title: 'known' },
        { externalId: 'blank', title: ' ' },
        { externalId: 'short', title: 'short', embedding: [1, 2] },
        { externalId: 'long', title: 'long', attributes: { text: 'ä'.repeat(8 * 1024) } },
      ],
      true,
    );
    expect(result.items).toEqual(Array(6).fill(null));
    expect(placesOf(result)).toEqual([
      'DUPLICATE items.1.externalId',
      'DUPLICATE items.2.externalId',
      'INVALID items.3.title',
      'INVALID items.4.embedding',
      'OUT_OF_RANGE items.5.attributes',
    ]);
    expect(await externalIds(test.catalogue.items(PAGE, null))).toEqual(['old']);
    expect(test.commits).toHaveLength(1);
  });

  it('adds the right ones when it is not atomic, and tells errors in the order of the items', async () => {
    await add(...FULL);
    const answer = await call([
      { externalId: 'full', title: '#1.1' },
      { externalId: 'blank', title: '' },
      { externalId: 'fine', title: '#2.2' },
      { externalId: 'full too', title: '#1.3' },
      { externalId: 'long', title: 'c', attributes: 'x'.repeat(20_000) },
    ]);
    expect(placesOf(answer)).toEqual([
      'OUT_OF_RANGE items.0',
      'INVALID items.1.title',
      'OUT_OF_RANGE items.3',
      'OUT_OF_RANGE items.4.attributes',
    ]);
    expect(answer.items.map(nameOf)).toEqual([null, null, 'fine', null, null]);
    await expectCountsInStep();
  });

  it('writes nothing at all when an atomic call finds no room for one', async () => {
    await add(...FULL);
    const before = await kinds();
    const answer = await call([{ externalId: 'fine', title: '#2.2' }, { externalId: 'full', title: '#1.1' }], true); // prettier-ignore
    expect(answer.items).toEqual([null, null]);
    expect(placesOf(answer)).toEqual(['OUT_OF_RANGE items.1']);
    expect(await kinds()).toEqual(before);
    expect(await test.catalogue.item('fine')).toBeNull();
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

  it('refuses no items and more than a thousand', async () => {
    const many = Array.from({ length: 1_001 }, (_, i) => ({ externalId: `${i}`, title: 'T' }));
    expect(placesOf(await call([]))).toEqual(['INVALID items']);
    expect(placesOf(await call(many))).toEqual(['TOO_MANY items']);
    expect(await kinds()).toEqual([]);
  });

  it('adds, finds, records and removes a thousand at once', async () => {
    const names = Array.from({ length: 1_000 }, (_, i) => `i${i}`);
    const items = await call(
      names.map((externalId, i) => ({
        externalId,
        title: `#${i & 3}.${(i >> 2) & 3} ${externalId}`,
        categories: [externalId],
      })),
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
    const patches = ids.map((itemId) => ({ itemId, price: 1 }));
    expect((await test.catalogue.updateItems(patches, true)).userErrors).toEqual([]);
    expect((await test.catalogue.removeItems(ids)).userErrors).toEqual([]);
    await expectCountsInStep();
  });

  it('brings a removed item back under its old id and codes, with the fields that are given now alone', async () => {
    const whole = { brand: 'B', price: 3, description: 'D', attributes: { x: 1 }, categories: ['x'] };
    const [a] = await add({ externalId: 'a', title: '#1.1 a', ...whole });
    await test.catalogue.removeItems([a.id]);
    const [again] = await add({ externalId: 'a', title: '#1.1 again' });
    const now = { brand: null, price: null, description: null, attributes: null, categories: [], removedAt: null };
    expect(again).toMatchObject({ id: a.id, title: '#1.1 again', ...now });
    expect(await test.catalogue.item('a')).toMatchObject(now);
    expect(await codesOf(a.id)).toEqual([1, 1, 0]);
    expect(test.commits.at(-1)).toMatchObject({
      kind: 'ITEMS_RESTORED',
      changes: [{ itemId: a.id, before: null, after: [1, 1, 0] }],
    });
    await expectCountsInStep();
  });

  it('makes two changes of new and of returning items, in that order', async () => {
    const [gone] = await add({ externalId: 'gone', title: '#1.1 gone', categories: ['old'] });
    await test.catalogue.removeItems([gone.id]);
    await call([
      { externalId: 'gone', title: '#2.2 back', categories: ['new'], embedding: null },
      { externalId: 'fresh', title: '#2.2 fresh' },
    ]);
    const fresh = (await test.catalogue.item('fresh'))!;
    const [, , ...last] = await logged();
    expect(last).toEqual([
      { kind: 'ITEMS_ADDED', tokenizerId, items: [{ itemId: fresh.id, before: null, after: [2, 2, 1], isReencoded: false }] }, // prettier-ignore
      { kind: 'ITEMS_RESTORED', tokenizerId, items: [{ itemId: gone.id, before: null, after: [2, 2, 0], isReencoded: true }] }, // prettier-ignore
    ]);
    const find = async (category: string) => externalIds(test.catalogue.items(PAGE, { categories: [category] }));
    expect([await find('old'), await find('new')]).toEqual([[], ['gone']]);
    await expectCountsInStep();
  });

  it.each([
    ['the others too', true, [null, null]],
    ['it alone', false, [null, 'other']],
  ])('refuses an item that another call added while this one was encoding: %s', async (_, atomic, expected) => {
    const { services } = test;
    const encode: typeof services.assigner.encode = async (items) => {
      await add({ externalId: 'same', title: 'first' });
      return services.assigner.encode(items);
    };
    const late = { ...services, assigner: { ...services.assigner, encode } };
    const items = ['same', 'other'].map((externalId) => ({ externalId, title: 'second' }));
    const answer = await addItems(late, items, atomic, []);
    expect(placesOf(answer)).toEqual(['DUPLICATE items.0.externalId']);
    expect(answer.items.map(nameOf)).toEqual(expected);
    expect(await test.catalogue.item('same')).toMatchObject({ title: 'first' });
    expect(nameOf(await test.catalogue.item('other'))).toBe(expected[1]);
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
