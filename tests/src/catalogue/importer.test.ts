import type { ImportedInteraction, ImportedItem } from '../../../src/catalogue/importer';
import { importCatalogue, ImportError } from '../../../src/catalogue/importer';
import { emptyTables } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

const COUNT = 2_500;

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
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());
  beforeEach(() => emptyTables(opened));

  it('loads streams a thousand rows at a time and says how far it is', async () => {
    const { database } = opened;
    const seen: number[] = [];
    const counts = await importCatalogue(
      database,
      { items: items(), interactions: interactions() },
      { onProgress: (now) => seen.push(now.items + now.interactions) },
    );
    expect(seen).toEqual([1000, 2000, 2500, 3500, 4500, 5000]);
    expect(counts).toEqual({
      items: COUNT,
      interactions: COUNT,
      newItems: COUNT,
      newUsers: 10,
      newInteractions: COUNT,
    });
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

  it('refuses an interaction with an item that does not exist, naming both', async () => {
    const stray = { ...[...interactions(1)][0], itemExternalId: 'nothing' };
    const failing = importCatalogue(opened.database, { items: items(1), interactions: [stray] });
    await expect(failing).rejects.toThrow(new ImportError('event e0: expected an item of the catalogue, got nothing'));
    expect(await opened.database.read.interaction.count()).toBe(0);
  });

  it('stops between two transactions, and goes on when repeated', async () => {
    const abort = new AbortController();
    const failing = importCatalogue(
      opened.database,
      { items: items(), interactions: [] },
      { signal: abort.signal, onProgress: () => abort.abort(new Error('stop')) },
    );
    await expect(failing).rejects.toThrow('stop');
    expect(await opened.database.read.item.count()).toBe(1000);
    expect(await importCatalogue(opened.database, { items: items(), interactions: [] })).toMatchObject({
      newItems: 1500,
    });
  });
});
