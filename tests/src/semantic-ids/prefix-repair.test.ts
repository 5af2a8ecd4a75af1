import { repairPrefixes } from '../../../src/semantic-ids/prefix-repair';
import { activateFakeModel, createTestCatalogue, emptyTables, storeFakeModel } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { openTestPostgres } from '../../support/postgres';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';

describe.each([
  ['sqlite', openTestDatabase],
  ['postgresql', openTestPostgres],
])('repairPrefixes (%s)', (_, open) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.dispose());
  beforeEach(() => emptyTables(opened));

  it('has nothing to do without an active tokenizer, or with right counts', async () => {
    expect(await repairPrefixes(opened.database)).toEqual({ prefixes: 0, wrong: 0 });
    await activateFakeModel(opened);
    await createTestCatalogue(opened).catalogue.addItems([{ externalId: 'a', title: '#1.2 a' }], true);
    expect(await repairPrefixes(opened.database)).toEqual({ prefixes: 4, wrong: 0 }); // root, 1, 1.2, 1.2.0
  });

  it('mends a wrong count, a missing prefix and one too many', async () => {
    const { tokenizerId } = await activateFakeModel(opened);
    const added = ['#1.2 a', '#1.3 b', '#2.2 c'].map((title) => ({ externalId: title, title }));
    await createTestCatalogue(opened).catalogue.addItems(added, true);
    await opened.database.write(async ({ semanticIdPrefix }) => {
      await semanticIdPrefix.updateMany({ where: { tokenizerId, level: 0 }, data: { itemCount: 9 } });
      await semanticIdPrefix.deleteMany({ where: { tokenizerId, level: 2, prefixKey: '0002.0002' } });
      await semanticIdPrefix.create({ data: { tokenizerId, level: 1, prefixKey: '0003', itemCount: 1 } });
    });
    expect(await repairPrefixes(opened.database)).toEqual({ prefixes: 9, wrong: 3 });
    expect(await storedPrefixes(opened.database, tokenizerId)).toEqual(
      await recomputedPrefixes(opened.database, tokenizerId),
    );
  });

  it('compares more prefixes than one query reads, and leaves those of other tokenizers', async () => {
    const former = await storeFakeModel(opened, {
      number: 1,
      status: 'RETIRED',
      fake: { numLevels: 5, codebookSize: 4 },
    });
    const { tokenizerId } = await activateFakeModel(opened, 2);
    const prefixes = (id: number, level: number, count: number) =>
      Array.from({ length: count }, (_prefix, i) => ({
        tokenizerId: id,
        level,
        prefixKey: `${String(i).padStart(4, '0')}`,
        itemCount: 1,
      }));
    await opened.database.write(({ semanticIdPrefix }) =>
      semanticIdPrefix.createMany({
        data: [...prefixes(tokenizerId, 1, 2_500), ...prefixes(former.tokenizerId, 5, 3)],
      }),
    );
    expect(await repairPrefixes(opened.database)).toEqual({ prefixes: 0, wrong: 2_500 });
    const left = await opened.database.read.semanticIdPrefix.findMany();
    expect(left.map((row) => row.tokenizerId)).toEqual(new Array(3).fill(former.tokenizerId));
  });
});
