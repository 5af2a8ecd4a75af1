import { VersionedReads } from '../../../src/storage/change-log-reads';
import { createTestCatalogue } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('VersionedReads', () => {
  let opened: TestDatabase;
  let reads: VersionedReads;
  let asked: string[];

  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());
  beforeEach(() => {
    reads = new VersionedReads(opened.database.read);
    asked = [];
  });

  const countItems = (name: string) =>
    reads.of(name, () => {
      asked.push(name);
      return opened.database.read.item.count();
    });
  const addItem = (externalId: string) =>
    createTestCatalogue(opened).catalogue.addItems([{ externalId, title: externalId }], true);

  it('asks once for all who ask at once and after, until the catalogue changes', async () => {
    const before = await Promise.all([countItems('a'), countItems('a')]);
    expect([...before, await countItems('a')]).toEqual([before[0], before[0], before[0]]);
    expect(asked).toEqual(['a']);
    await addItem('cup');
    expect(await countItems('a')).toBe(before[0] + 1);
    expect(asked).toEqual(['a', 'a']);
  });

  it('tells questions apart by their names', async () => {
    await countItems('a');
    await countItems('b');
    expect(asked).toEqual(['a', 'b']);
  });

  it('asks again after an error', async () => {
    await expect(reads.of('a', () => Promise.reject(new Error('database away')))).rejects.toThrow('away');
    await countItems('a');
    expect(asked).toEqual(['a']);
  });
});
