import { pruneModels } from '../../../src/training/prune-models';
import { emptyTables, storeFakeModel } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { openTestPostgres } from '../../support/postgres';

describe.each([
  ['SQLite', openTestDatabase],
  ['PostgreSQL', openTestPostgres],
] as const)('pruneModels on %s', (_, open: () => Promise<TestDatabase>) => {
  let opened: TestDatabase;

  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.dispose());
  beforeEach(() => emptyTables(opened));

  async function store(...versions: ('ACTIVE' | 'RETIRED' | 'REJECTED' | 'TRAINED')[]): Promise<number[]> {
    const tokenizers: number[] = [];
    for (const [i, status] of versions.entries())
      tokenizers.push((await storeFakeModel(opened, { number: i + 1, status })).tokenizerId);
    return tokenizers;
  }

  async function giveIds(tokenizerId: number, count: number): Promise<void> {
    await opened.database.write(async ({ item, semanticId, semanticIdPrefix }) => {
      const items = Array.from({ length: count }, (__, i) => ({
        externalId: `${tokenizerId}-${i}`,
        title: `item ${i}`,
      }));
      await item.createMany({ data: items.map((one) => ({ ...one, searchTitle: one.title })) });
      const rows = await item.findMany({ where: { externalId: { startsWith: `${tokenizerId}-` } } });
      await semanticId.createMany({ data: rows.map(({ id }) => ({ tokenizerId, itemId: id, codesKey: String(id) })) });
      await semanticIdPrefix.create({ data: { tokenizerId, level: 0, prefixKey: '', itemCount: count } });
    });
  }

  const numbers = async () =>
    (await opened.database.read.modelVersion.findMany({ orderBy: { number: 'asc' } })).map(({ number }) => number);
  const tokenizers = async () =>
    (await opened.database.read.tokenizer.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id);

  it('keeps the active version and the newest others, and removes the rest with all of their IDs', async () => {
    const [first, active, , fourth, fifth] = await store('RETIRED', 'ACTIVE', 'REJECTED', 'RETIRED', 'TRAINED');
    await giveIds(first, 12);
    await giveIds(active, 3);
    expect(await pruneModels(opened.database, 2)).toEqual({ versions: [3, 1], tokenizers: 2 });
    expect(await numbers()).toEqual([2, 4, 5]);
    expect(await tokenizers()).toEqual([active, fourth, fifth]);
    const { semanticId, semanticIdPrefix } = opened.database.read;
    expect([await semanticId.count(), await semanticIdPrefix.count()]).toEqual([3, 1]);
    expect(await pruneModels(opened.database, 2)).toEqual({ versions: [], tokenizers: 0 });
  });

  it('keeps a tokenizer that another version has, and all that a training under way may need', async () => {
    const [first, second] = await store('RETIRED', 'RETIRED', 'ACTIVE');
    await opened.database.write(async ({ modelVersion, trainingJob }) => {
      await modelVersion.update({ where: { number: 3 }, data: { tokenizerId: first } });
      const settings = { preset: 'tiny', config: {}, seed: 1, reuseTokenizer: true, activateWhenBetter: false };
      const scope = { lastItemId: 1, lastInteractionId: 1, catalogueVersion: 1 };
      await trainingJob.create({ data: { status: 'RUNNING', tokenizerId: second, ...settings, ...scope } });
    });
    // The training has stored its own tokenizer, which no version names yet.
    const { tokenizerId, modelVersionId } = await storeFakeModel(opened, { number: 4, status: 'TRAINED' });
    await opened.database.write(async ({ modelVersion, tokenizer }) => {
      await modelVersion.delete({ where: { id: modelVersionId } });
      // Its server's clock is behind that of the server where it was requested.
      await tokenizer.update({ where: { id: tokenizerId }, data: { createdAt: new Date(Date.now() - 60_000) } });
    });
    expect((await pruneModels(opened.database, 1)).versions).toEqual([1]);
    expect(await tokenizers()).toEqual(expect.arrayContaining([first, second, tokenizerId]));
  });
});
