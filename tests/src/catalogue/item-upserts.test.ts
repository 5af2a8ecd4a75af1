import type { NewItemArgs } from '../../../graphql/item/records';
import { upsertItems } from '../../../src/catalogue/item-upserts';
import { readVectors } from '../../../src/storage/item-rows';
import { emptyTables, summaryOf } from '../../support/catalogue';
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
import { vectorOfCodes } from '../../support/fake-assigner';

const PAGE = { first: 100, after: null };
const FULL = Array.from({ length: 16 }, (_, i) => ({ externalId: `${i}`, title: '#1.0' }));

describeCatalogue('upsertItems', () => {
  const call = (items: NewItemArgs[], atomic = false) => test.catalogue.upsertItems(items, atomic);
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
        { externalId: 'old', title: '' },
        { externalId: 'blank', title: ' ' },
        { externalId: 'short', title: 'short', embedding: [1, 2] },
        { externalId: 'long', title: 'long', attributes: { text: 'ä'.repeat(8 * 1024) } },
      ],
      true,
    );
    expect(result.items).toEqual(Array(6).fill(null));
    expect(placesOf(result)).toEqual([
      'DUPLICATE items.1.externalId',
      'INVALID items.2.title',
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

  it('moves an item to the next code of the last level when its group is full', async () => {
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

  it('creates, changes, brings back and leaves alone in one call, and makes one version of it', async () => {
    const [equal, changed, gone] = await add(
      {
        externalId: 'equal',
        title: '#1.1 equal',
        price: 1,
        attributes: { b: 1, a: [2] },
        embedding: vectorOfCodes(1, 1),
      },
      { externalId: 'changed', title: '#1.2 changed', brand: 'B', categories: ['old'], price: 1 },
      { externalId: 'gone', title: '#2.2 gone', description: 'D', price: 3 },
    );
    await test.catalogue.removeItems([gone.id]);
    const version = await test.catalogue.version();
    const feed = [
      {
        externalId: 'equal',
        title: '#1.1 equal',
        price: 1,
        attributes: { a: [2], b: 1 },
        embedding: vectorOfCodes(1, 1),
      },
      { externalId: 'changed', title: '#3.3 changed', categories: ['new'], price: 2 },
      { externalId: 'gone', title: '#2.2 gone', price: null },
      { externalId: 'new', title: '#1.2 new' },
    ];
    const answer = await call(feed, true);
    expect(answer).toMatchObject({
      created: 1,
      updated: 2,
      unchanged: 1,
      catalogueVersion: version + 1,
      userErrors: [],
    });
    expect(answer.items).toMatchObject([
      { id: equal.id, price: 1 },
      { id: changed.id, title: '#3.3 changed', brand: 'B', categories: ['new'], price: 2 },
      { id: gone.id, description: 'D', price: null, removedAt: null },
      { externalId: 'new' },
    ]);
    const fresh = answer.items[3]!.id;
    const [, , last, ...later] = await logged();
    expect(later).toEqual([]);
    // A changed item keeps its codes until a training, and one that comes back has those that it had.
    const as = (itemId: number, before: number[] | null, after: number[]) => ({
      itemId,
      before,
      after,
      isReencoded: false,
    });
    const items = [as(changed.id, [1, 2, 0], [1, 2, 0]), as(gone.id, null, [2, 2, 0]), as(fresh, null, [1, 2, 1])];
    expect(last).toEqual({ kind: 'ITEMS_UPSERTED', tokenizerId, items });
    expect((await readVectors(opened.database.read, [changed.id])).size).toBe(0); // it was of the former text
    const find = async (category: string) => externalIds(test.catalogue.items(PAGE, { categories: [category] }));
    expect([await find('old'), await find('new')]).toEqual([[], ['changed']]);
    const popular = test.popularity.top({ allow: null, deny: new Set(), first: 9 }).map(({ itemId }) => itemId);
    expect(new Set(popular)).toEqual(new Set([equal.id, changed.id, gone.id, fresh]));
    await expectCountsInStep();
    const { items: same } = answer;
    expect(await call(feed, true)).toMatchObject({ items: same, created: 0, updated: 0, unchanged: 4, catalogueVersion: null }); // prettier-ignore
    expect(await test.catalogue.version()).toBe(version + 1);
  });

  it('gives an item that comes with another vector its codes at once, and keeps them where they are the same', async () => {
    const [a] = await add({ externalId: 'a', title: '#1.1 a', embedding: vectorOfCodes(1, 1) });
    for (const embedding of [vectorOfCodes(3, 0), [...vectorOfCodes(3, 0).slice(0, -1), 0.5]]) {
      await call([{ externalId: 'a', title: '#1.1 a', embedding }]);
      expect(await codesOf(a.id)).toEqual([3, 0, 0]);
      expect((await logged()).at(-1)).toMatchObject({ kind: 'ITEMS_UPDATED', items: [{ isReencoded: true }] });
    }
    await expectCountsInStep();
  });

  it('keeps the vector of an item whose text stays', async () => {
    const [a] = await add({ externalId: 'a', title: '#1.1 a' });
    await call([{ externalId: 'a', title: '#1.1 a', price: 2 }]);
    expect((await readVectors(opened.database.read, [a.id])).size).toBe(1);
  });

  it('brings an item back without codes that has none under the live model: it gets them as those of an import do', async () => {
    const [a] = await add({ externalId: 'a', title: '#1.1 a' });
    await test.catalogue.removeItems([a.id]);
    await opened.database.write(({ semanticId }) => semanticId.deleteMany());
    expect(await call([{ externalId: 'a', title: '#1.1 a' }])).toMatchObject({ updated: 1, userErrors: [] });
    expect(await codesOf(a.id)).toBeNull();
    expect((await logged()).at(-1)).toMatchObject({ kind: 'ITEMS_RESTORED', items: [{ before: null, after: null }] });
    await expectCountsInStep();
  });

  it('changes an item that another call adds while this one is encoding', async () => {
    const { services } = test;
    const encode: typeof services.assigner.encode = async (items) => {
      if ((await test.catalogue.item('same')) === null) await add({ externalId: 'same', title: 'first', brand: 'B' });
      return services.assigner.encode(items);
    };
    const late = { ...services, assigner: { ...services.assigner, encode } };
    const items = ['same', 'other'].map((externalId) => ({ externalId, title: 'second' }));
    expect(await upsertItems(late, items, true, [])).toMatchObject({ created: 1, updated: 1, userErrors: [] });
    expect(await test.catalogue.item('same')).toMatchObject({ title: 'second', brand: 'B' });
  });

  it('stores items without codes while no model is live', async () => {
    await emptyTables(opened);
    const [item] = await add({ externalId: 'a' });
    expect(await codesOf(item.id)).toBeNull();
    expect(await opened.database.read.itemVector.count()).toBe(1);
    expect(test.commits.at(-1)).toMatchObject({ kind: 'ITEMS_ADDED', changes: [] });
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
});
