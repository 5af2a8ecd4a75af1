import { ModelVersionReads } from '../../../src/training/model-version-reads';
import { emptyTables, storeFakeModel } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('ModelVersionReads', () => {
  let opened: TestDatabase;
  let reads: ModelVersionReads;
  let ids: number[];
  beforeAll(async () => {
    opened = await openTestDatabase();
    reads = new ModelVersionReads(opened.database.read);
  });
  afterAll(() => opened.dispose());
  beforeEach(async () => {
    await emptyTables(opened);
    ids = [];
    for (const number of [1, 2, 3]) {
      const status = number === 2 ? 'ACTIVE' : 'RETIRED';
      ids.push((await storeFakeModel(opened, { number, status })).modelVersionId);
    }
  });

  /** Writes the log as activations of these versions, by number, leave it. */
  async function logActivations(...numbers: number[]): Promise<number[]> {
    const versions: number[] = [];
    for (const number of numbers) {
      const payload = { modelVersionId: number === 0 ? 999_999 : ids[number - 1] };
      const data = { kind: 'MODEL_ACTIVATED', payload };
      const row = await opened.database.write(({ catalogueLog }) => catalogueLog.create({ data }));
      versions.push(row.version);
    }
    return versions;
  }

  it('reads one version, and the active one', async () => {
    expect(await reads.version(ids[2])).toMatchObject({ id: ids[2], number: 3, status: 'RETIRED' });
    expect(await reads.version(999_999)).toBeNull();
    expect(await reads.activeRow()).toMatchObject({ id: ids[1], tokenizer: { kind: 'rqvae' } });
  });

  it('lists the versions, the newest first', async () => {
    const first = await reads.versions({ first: 2, after: null });
    expect([first.edges.map(({ node }) => node.number), first.hasNextPage]).toEqual([[3, 2], true]);
    const second = await reads.versions({ first: 2, after: first.edges[1].cursor });
    expect([second.edges.map(({ node }) => node.number), second.hasNextPage]).toEqual([[1], false]);
  });

  it('finds the version that was active before the active one, also when that was activated again', async () => {
    expect(await reads.former()).toBeNull();
    await logActivations(3, 1, 2, 2);
    expect((await reads.former())?.number).toBe(1);
  });

  it('reads the activations after a version of the catalogue, the oldest first, without those of removed versions', async () => {
    const [first, , third, fourth] = await logActivations(1, 0, 2, 3);
    const found = await reads.activationsAfter(first);
    expect(found.map(({ catalogueVersion, modelVersion }) => [catalogueVersion, modelVersion.number])).toEqual([
      [third, 2],
      [fourth, 3],
    ]);
  });
});
