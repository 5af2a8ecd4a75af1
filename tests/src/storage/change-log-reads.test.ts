import type { ItemRecord } from '../../../graphql/item/records';
import { chunksOf } from '../../../models/math/arrays';
import { activationRows, currentVersion, readLogItems, touchedSince } from '../../../src/storage/change-log-reads';
import { activateFakeModel, createTestCatalogue, emptyTables, type TestCatalogue } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';
import { describeOnBoth } from '../../support/postgres';
import { watchedReads } from '../../support/watched-reads';

describe('reads of the change log', () => {
  const opened = useTestDatabase();
  let test: TestCatalogue;
  beforeEach(async () => {
    await emptyTables(opened);
    await activateFakeModel(opened);
    test = createTestCatalogue(opened);
  });

  async function add(...externalIds: string[]): Promise<number[]> {
    const items = externalIds.map((externalId) => ({ externalId, title: `#1.2 ${externalId}` }));
    const result = await test.catalogue.upsertItems(items, true);
    return (result.items as ItemRecord[]).map(({ id }) => id);
  }

  it('say what one change did to each item', async () => {
    const [a, b] = await add('a', 'b');
    const { read } = opened.database;
    expect(await readLogItems(read, await currentVersion(read))).toEqual([
      { itemId: a, before: null, after: [1, 2, 0], isReencoded: false },
      { itemId: b, before: null, after: [1, 2, 1], isReencoded: false },
    ]);
  });

  it('name the items that came, went or got another text since a version, and no others', async () => {
    const [goes, changes, costsMore] = await add('goes', 'changes', 'costs more');
    const { read } = opened.database;
    const version = await currentVersion(read);
    const [comes] = await add('comes');
    await test.catalogue.removeItems([goes]);
    await test.catalogue.updateItems([{ itemId: changes, title: '#3.3 changed' }], true);
    await test.catalogue.updateItems([{ itemId: costsMore, price: 9 }], false);
    const items = new Map([
      [comes, { wasLive: false, isReencoded: false }],
      [goes, { wasLive: true, isReencoded: false }],
      [changes, { wasLive: true, isReencoded: true }],
    ]);
    expect(await touchedSince(read, version)).toEqual({ since: version, last: version + 4, items });
  });

  it('go on from what was read before', async () => {
    const [kept] = await add('kept');
    const { read } = opened.database;
    const version = await currentVersion(read);
    const [came] = await add('comes');
    const known = await touchedSince(read, version);
    await opened.database.write(({ catalogueLogItem }) => catalogueLogItem.deleteMany()); // nobody reads these again
    await test.catalogue.updateItems([{ itemId: came, title: '#3.3 other' }], true);
    await test.catalogue.removeItems([kept]);
    const items = new Map([
      [came, { wasLive: false, isReencoded: true }],
      [kept, { wasLive: true, isReencoded: false }],
    ]);
    expect(await touchedSince(read, version, known)).toEqual({ since: version, last: version + 3, items });
    expect(known.items).toEqual(new Map([[came, { wasLive: false, isReencoded: false }]]));
  });
});

describeOnBoth('activationRows', (opened) => {
  it('finds the activations by their index among many other changes', async () => {
    const data = Array.from({ length: 5_000 }, (_, i) => ({
      kind: i % 1_000 === 999 ? 'MODEL_ACTIVATED' : 'ITEMS_UPDATED',
      payload: {},
    }));
    // PostgreSQL ends a transaction that says nothing for 10 seconds: on a busy machine Prisma takes longer to write one statement of all.
    for (const chunk of chunksOf(data, 250))
      await opened.database.write((transaction) => transaction.catalogueLog.createMany({ data: chunk }));
    const { client, statements, planOf } = watchedReads(opened.url);
    await client.$executeRawUnsafe('ANALYZE');
    for (const [version, order, found] of [
      [1_500, 'asc', [2_000, 3_000, 4_000, 5_000]],
      [0, 'desc', [5_000, 4_000, 3_000, 2_000, 1_000]],
    ] as const) {
      expect((await activationRows(client, version, order)).map((row) => row.version)).toEqual(found);
      expect(await planOf(statements.at(-1)!)).toContain('CatalogueLog_kind_version_idx');
    }
    await client.$disconnect();
  });
});
