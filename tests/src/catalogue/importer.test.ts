import { SENTENCE_ENCODER } from '../../../models/text/sentence-encoder';
import {
  importCatalogue,
  type ImportedInteraction,
  type ImportedItem,
  ImportError,
} from '../../../src/catalogue/importer';
import { readVectors } from '../../../src/storage/item-rows';
import { emptyTables } from '../../support/catalogue';
import {
  add,
  describeCatalogue,
  expectCountsInStep,
  logged,
  opened,
  test,
  useCatalogue,
} from '../../support/catalogue-suite';
import { vectorOfCodes } from '../../support/fake-assigner';

const COUNT = 1_100;

async function* items(count = COUNT): AsyncGenerator<ImportedItem> {
  for (let i = 0; i < count; i++) {
    const vector = i % 2 === 0 ? { values: Float32Array.of(i, 1), encoder: 'test' } : null;
    yield { externalId: `i${i}`, title: `Item ${i}`, categories: [`c${i % 3}`], vector };
  }
}

function* interactions(count = COUNT): Generator<ImportedInteraction> {
  for (let i = 0; i < count; i++) {
    yield {
      eventId: `e${i}`,
      userExternalId: `u${i % 10}`,
      itemExternalId: `i${i % 5}`,
      kind: 'PURCHASE',
      occurredAt: new Date(i * 1000),
    };
  }
}

describe('importCatalogue', () => {
  useCatalogue();
  beforeEach(() => emptyTables(opened));

  it('loads streams, says how far it is, and makes one version of all items', async () => {
    const { database } = opened;
    const seen: number[] = [];
    const counts = await importCatalogue(
      database,
      { items: items(), interactions: interactions() },
      { onProgress: (now) => seen.push(now.items + now.interactions) },
    );
    expect(seen).toEqual([1_000, 1_100, 2_200]);
    expect(counts).toEqual({
      items: COUNT,
      interactions: COUNT,
      newItems: COUNT,
      changedItems: 0,
      removedItems: 0,
      newUsers: 10,
      newInteractions: COUNT,
    });
    expect(await database.read.catalogueLog.count()).toBe(1);
    expect(await database.read.itemVector.count()).toBe(COUNT / 2);
    expect(await database.read.itemCategory.count()).toBe(COUNT);
    expect(await database.read.item.findUnique({ where: { externalId: 'i3' } })).toMatchObject({
      interactionCount: COUNT / 5,
      categories: ['c0'],
    });
  });

  it('adds only what is not there yet', async () => {
    await importCatalogue(opened.database, { items: items(10), interactions: interactions(10) });
    const again = await importCatalogue(opened.database, { items: items(12), interactions: interactions(15) });
    expect(again).toMatchObject({ newItems: 2, newUsers: 0, newInteractions: 5 });
    const item = await opened.database.read.item.findUnique({ where: { externalId: 'i0' } });
    expect(item?.interactionCount).toBe(3);
  });

  it('gives a known item the vector that it lacks, unless a server can make it of the text', async () => {
    const { database } = opened;
    const source = (externalId: string, encoder: string | null, ...values: number[]): ImportedItem => {
      return {
        externalId,
        title: 'T',
        vector: encoder === null ? null : { values: Float32Array.from(values), encoder },
      };
    };
    const load = (...sources: ImportedItem[]) => importCatalogue(database, { items: sources, interactions: [] });
    await load(source('bare', null), source('has', 'mine', 1, 2), source('english', null));
    const again = [
      source('bare', 'mine', 3, 4),
      source('has', 'mine', 5, 6),
      source('english', SENTENCE_ENCODER, 7, 8),
    ];
    expect(await load(...again)).toMatchObject({ newItems: 0 });
    const known = await database.read.item.findMany({ orderBy: { id: 'asc' } });
    const ids = known.map(({ id }) => id);
    const vectors = await readVectors(database.read, ids);
    expect(ids.map((id) => vectors.get(id)?.vector)).toEqual([Float32Array.of(3, 4), Float32Array.of(1, 2), undefined]);
  });

  it('adds removed items as removed, and logs only the live ones', async () => {
    const removedAt = new Date('2024-02-01');
    const addedAt = new Date('2024-01-01');
    const source = (externalId: string, more: object) => ({ externalId, title: 'T', vector: null, ...more });
    const both = [source('live', { addedAt }), source('gone', { addedAt, removedAt })];
    await importCatalogue(opened.database, { items: both, interactions: [] });
    const { read } = opened.database;
    const [live, gone] = await read.item.findMany({ orderBy: { id: 'asc' } });
    expect([live, gone]).toMatchObject([
      { addedAt, removedAt: null },
      { addedAt, removedAt },
    ]);
    expect(await read.catalogueLogItem.findMany()).toMatchObject([
      { itemId: live.id, beforeKey: null, afterKey: null },
    ]);
    expect(await read.itemCategory.count()).toBe(0);
    await importCatalogue(opened.database, { items: [source('old', { removedAt })], interactions: [] });
    await importCatalogue(opened.database, { items: both, interactions: [] });
    expect(await read.catalogueLog.count()).toBe(1);
  });

  describe('of events without a key', () => {
    const at = (day: number) => new Date(Date.UTC(2024, 0, day));
    const event = (user: string, item: string, day: number, twin?: number): ImportedInteraction => ({
      eventId: null,
      twin,
      userExternalId: user,
      itemExternalId: item,
      kind: 'PURCHASE',
      occurredAt: at(day),
    });
    const add = async (...events: ImportedInteraction[]) =>
      (await importCatalogue(opened.database, { items: items(3), interactions: events })).newInteractions;

    it('adds those that the database lacks, equal ones as often as the stream has them', async () => {
      expect(await add(event('ann', 'i0', 1, 0), event('ann', 'i0', 1, 1))).toBe(2);
      expect(await add(event('ann', 'i0', 1, 0), event('ann', 'i0', 1, 1))).toBe(0);
      expect(await add(event('ann', 'i0', 1, 0), event('ann', 'i0', 1, 1), event('ann', 'i0', 1, 2))).toBe(1);
    });

    it('tells them apart by user, item, kind and time, in whatever order they come', async () => {
      await add(event('ann', 'i0', 5, 0));
      const others = [
        event('bob', 'i0', 5, 0),
        event('ann', 'i1', 5, 0),
        { ...event('ann', 'i0', 5, 0), kind: 'VIEW' as const },
        event('ann', 'i0', 9, 0),
        event('ann', 'i0', 2, 0),
      ];
      expect(await add(...others, event('ann', 'i0', 5, 0))).toBe(5);
      expect(await add(...others.reverse())).toBe(0);
    });

    it('adds all of those that are not counted, and those with a key by their key', async () => {
      const keyed = { ...event('ann', 'i0', 1), eventId: 'e1' };
      expect(await add(event('ann', 'i0', 1), keyed)).toBe(2);
      expect(await add(event('ann', 'i0', 1), keyed)).toBe(1);
      expect(await add(event('ann', 'i0', 1, 0), event('ann', 'i0', 1, 1))).toBe(0); // an event with a key is none of these
      expect(await add(event('ann', 'i0', 1, 2))).toBe(1);
    });
  });

  it('refuses an interaction with an item that does not exist, naming both', async () => {
    const stray = { ...[...interactions(1)][0], itemExternalId: 'nothing' };
    const failing = importCatalogue(opened.database, { items: items(1), interactions: [stray] });
    await expect(failing).rejects.toThrow(new ImportError('event e0: expected an item of the catalogue, got nothing'));
    expect(await opened.database.read.interaction.count()).toBe(0);
  });

  it('stores no item when it is stopped among them', async () => {
    const abort = new AbortController();
    const failing = importCatalogue(
      opened.database,
      { items: items(), interactions: [] },
      { signal: abort.signal, onProgress: () => abort.abort(new Error('stop')) },
    );
    await expect(failing).rejects.toThrow('stop');
    expect(await opened.database.read.item.count()).toBe(0);
    expect(await opened.database.read.catalogueLog.count()).toBe(0);
  });
});

describeCatalogue('importCatalogue with update and retire', () => {
  const source = (externalId: string, title: string, more: object = {}): ImportedItem => ({
    ...{ externalId, title, vector: null, ...more },
  });
  const feed = (...items: ImportedItem[]) =>
    importCatalogue(opened.database, { items, interactions: [] }, { update: true, retire: true });

  it('takes a night’s feed over as one version: new, changed, equal, returning and vanished items', async () => {
    const [equal, changed, vanished, back] = await add(
      { externalId: 'equal', title: '#1.1 equal', price: 1, categories: ['x'], embedding: vectorOfCodes(1, 1) },
      { externalId: 'changed', title: '#1.2 changed', price: 1, brand: 'B', description: 'D' },
      { externalId: 'vanished', title: '#2.1 vanished' },
      { externalId: 'back', title: '#2.2 back' },
    );
    await test.catalogue.removeItems([back.id]);
    const version = await test.catalogue.version();
    const stored = await readVectors(opened.database.read, [equal.id]);
    const items = [
      source('equal', '#1.1 equal', {
        ...{ price: 1, categories: ['x'] },
        vector: { values: stored.get(equal.id)!.vector, encoder: 'given' },
      }),
      source('changed', '', { price: 2, brand: null }),
      source('back', '#2.2 back'),
      source('new', '#1.2 new'),
    ];
    expect(await feed(...items)).toMatchObject({ items: 4, newItems: 1, changedItems: 2, removedItems: 1 });
    expect(await test.catalogue.version()).toBe(version + 1);
    const has = { title: '#1.2 changed', price: 2, brand: null, description: 'D' };
    expect(await test.catalogue.item('changed')).toMatchObject(has);
    expect((await test.catalogue.item('vanished'))?.removedAt).not.toBeNull();
    const fresh = (await test.catalogue.item('new'))!.id;
    const { kind, items: entries } = (await logged()).at(-1)!;
    expect(kind).toBe('ITEMS_UPSERTED');
    expect(entries.map(({ itemId, before, after }) => [itemId, before, after])).toEqual([
      [changed.id, [1, 2, 0], [1, 2, 0]],
      [vanished.id, [2, 1, 0], null],
      [back.id, null, [2, 2, 0]],
      [fresh, null, null],
    ]);
    await expectCountsInStep();
    await test.services.log.follow(); // as a server does, in another process
    const popular = test.popularity.top({ allow: null, deny: new Set(), first: 9 }).map(({ itemId }) => itemId);
    expect(new Set(popular)).toEqual(new Set([equal.id, changed.id, back.id, fresh]));
    expect(await feed(...items)).toMatchObject({ newItems: 0, changedItems: 0, removedItems: 0 });
    expect(await test.catalogue.version()).toBe(version + 1);
  });

  it('leaves known items alone without them, and only changes prices with one', async () => {
    await add({ externalId: 'a', title: '#1.1 a', price: 1 }, { externalId: 'b', title: '#1.1 b' });
    const items = [source('a', '#1.1 a', { price: 2 })];
    await importCatalogue(opened.database, { items, interactions: [] });
    expect(await test.catalogue.item('a')).toMatchObject({ price: 1 });
    const counts = await importCatalogue(opened.database, { items, interactions: [] }, { update: true });
    expect(counts).toMatchObject({ changedItems: 1, removedItems: 0 });
    expect(await test.catalogue.item('a')).toMatchObject({ price: 2 });
    expect(await test.catalogue.liveItemCount()).toBe(2);
    expect((await logged()).at(-1)).toMatchObject({ kind: 'ITEMS_UPDATED' });
  });

  it('removes what the source marks as removed, and leaves what is removed already', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#1.1 b' });
    await test.catalogue.removeItems([b.id]);
    const removedAt = new Date('2024-02-01');
    const items = [source('a', '#1.1 a', { removedAt }), source('b', '#1.1 b', { removedAt })];
    const counts = await importCatalogue(opened.database, { items, interactions: [] }, { update: true });
    expect(counts).toMatchObject({ changedItems: 0, removedItems: 1 });
    expect(await test.catalogue.item('a')).toMatchObject({ removedAt });
    const entry = { itemId: a.id, before: [1, 1, 0], after: null };
    expect((await logged()).at(-1)).toMatchObject({ kind: 'ITEMS_REMOVED', items: [entry] });
    await expectCountsInStep();
  });

  it('takes another vector, which servers read anew, and drops one that was made of a former text', async () => {
    const [a, b] = await add(
      { externalId: 'a', title: '#1.1 a', embedding: vectorOfCodes(1, 1) },
      { externalId: 'b', title: '#1.1 b' },
    );
    const vector = { values: Float32Array.from(vectorOfCodes(2, 2)), encoder: 'given' };
    const counts = await feed(source('a', '#1.1 a', { vector }), source('b', '#2.2 b'));
    expect(counts).toMatchObject({ changedItems: 2 });
    const stored = await readVectors(opened.database.read, [a.id, b.id]);
    expect([stored.get(a.id)?.vector, stored.get(b.id)]).toEqual([vector.values, undefined]);
    expect((await logged()).at(-1)!.items.map(({ isReencoded }) => isReencoded)).toEqual([true, false]);
  });
});
