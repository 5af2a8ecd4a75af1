import { readCodeTableAtVersion, modelToLoad } from '../../../src/semantic-ids/code-table';
import { currentVersion } from '../../../src/storage/change-log-reads';
import type { Database } from '../../../src/storage/database';
import { activateFakeModel, createTestCatalogue } from '../../support/catalogue';
import { openTestDatabase, useTestDatabase } from '../../support/database';

describe('readCodeTable', () => {
  const opened = useTestDatabase();
  let tokenizerId: number;
  let ids: number[];
  beforeAll(async () => {
    ({ tokenizerId } = await activateFakeModel(opened, 1, { numLevels: 2, codebookSize: 300 }));
    const { catalogue } = createTestCatalogue(opened);
    const added = await catalogue.upsertItems(
      ['#1.2', '#2.3', '#3.0'].map((title) => ({ externalId: title, title })),
      true,
    );
    ids = added.items.map((item) => item!.id);
    await catalogue.removeItems([ids[1]]);
  });

  /** @returns A database whose tables change, by another process, during each of the first reads. */
  function changing(changes: number): Pick<Database, 'read' | 'write'> {
    const { read, write } = opened.database;
    let left = changes;
    const queryRaw = async (...args: Parameters<typeof read.$queryRaw>) => {
      const rows = await read.$queryRaw(...args);
      if (left-- > 0) {
        await write((transaction) => transaction.catalogueLog.create({ data: { kind: 'ITEMS_ADDED', payload: {} } }));
      }
      return rows;
    };
    const client = new Proxy(read, {
      get: (client, name) => (name === '$queryRaw' ? queryRaw : (Reflect.get(client, name) as unknown)),
    });
    return {
      read: client,
      write: (work) => {
        left = 0; // the other process waits for the lock
        return write(work);
      },
    };
  }

  it('is read again when the catalogue has changed meanwhile', async () => {
    const before = await currentVersion(opened.database.read);
    const { catalogueVersion } = await readCodeTableAtVersion(changing(1), tokenizerId);
    expect(catalogueVersion).toBe(before + 1);
    expect(await currentVersion(opened.database.read)).toBe(before + 1);
  });
});

describe('modelToLoad', () => {
  it("has the tokenizer's codes as they are now, and the length of its IDs while it has none", async () => {
    const opened = await openTestDatabase();
    const { modelVersionId, tokenizerId } = await activateFakeModel(opened);
    const { database } = opened;
    const version = await database.read.modelVersion.findFirstOrThrow({ include: { tokenizer: true } });
    const empty = { idLength: 3, itemIds: new Int32Array(), codes: new Int32Array() };
    const common = { modelVersionId, tokenizerId, checkpointDir: '/nowhere' };
    expect(await modelToLoad(database, version)).toEqual({
      ...common,
      table: empty,
      live: new Uint8Array(),
      catalogueVersion: 0,
    });
    const { items } = await createTestCatalogue(opened).catalogue.upsertItems(
      [{ externalId: 'a', title: '#1.2' }],
      true,
    );
    expect(await modelToLoad(database, version)).toEqual({
      ...common,
      table: { idLength: 3, itemIds: Int32Array.of(items[0]!.id), codes: Int32Array.of(1, 2, 0) },
      live: Uint8Array.of(1),
      catalogueVersion: 1,
    });
    await opened.dispose();
  });
});
