import { isWorkerDeath } from '../../../src/errors';
import { OtherVersion } from '../../../src/recommend/other-version';
import type { ListMaker } from '../../../src/recommend/other-version';
import type { Recommender } from '../../../src/recommend/recommender';
import type { DecodeProtocol } from '../../../src/workers/messages';
import type { WorkerClient } from '../../../src/workers/spawn-worker';
import { activateFakeModel, emptyTables, storeFakeModel } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { errorOf } from '../../support/error-of';
import { FakeDecodeWorker, userOf } from '../../support/fake-decode-worker';

describe('OtherVersion', () => {
  let opened: TestDatabase;
  let workers: FakeDecodeWorker[];
  let other: OtherVersion;
  let second: number;
  let third: number;

  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());
  beforeEach(async () => {
    await emptyTables(opened);
    await activateFakeModel(opened);
    second = (await storeFakeModel(opened, { number: 2, status: 'TRAINED' })).modelVersionId;
    third = (await storeFakeModel(opened, { number: 3, status: 'TRAINED' })).modelVersionId;
    workers = [];
    other = open();
  });
  afterEach(() => other.dispose());

  const open = (idleMs?: number) =>
    new OtherVersion({
      database: opened.database,
      openCheckpoint: (key) => Promise.resolve(key),
      spawn: () => {
        const worker = new FakeDecodeWorker();
        workers.push(worker);
        return worker as unknown as WorkerClient<DecodeProtocol>;
      },
      // The list maker stands for the recommender that asks it.
      recommenderBy: (maker) => maker as unknown as Recommender,
      idleMs,
    });

  const versionOf = (id: number) =>
    other.use(id, async (recommender) => {
      const lists = (recommender as unknown as ListMaker).recommend([userOf(1)]);
      await workers.at(-1)!.nextBatch();
      workers.at(-1)!.answer();
      return (await lists)[0].modelVersionId;
    });

  it('makes lists by the version that is named, and holds one version at a time', async () => {
    expect(await versionOf(second)).toBe(second);
    expect(await versionOf(second)).toBe(second);
    expect(workers).toHaveLength(1);
    expect(await Promise.all([versionOf(third), versionOf(second)])).toEqual([third, second]);
    expect(workers.map(({ asked }) => asked.at(-1))).toEqual(['dispose', 'dispose', 'recommend']);
  });

  it('refuses an ID that no version has, and a checkpoint that cannot be loaded, and says what to do', async () => {
    await expect(versionOf(third + 1)).rejects.toMatchObject({
      message:
        'modelVersion: expected the ID of a model version, got one that no version has; modelVersions lists them',
      extensions: { code: 'BAD_USER_INPUT' },
    });
    const missing = Object.assign(new Error('/nowhere: expected a checkpoint, got none'), { name: 'CheckpointError' });
    const refused = other.use(second, async () => {
      throw missing;
    });
    await expect(refused).rejects.toMatchObject({
      message: `modelVersion: expected a version that can be loaded, got version 2: ${missing.message}; restore its files from a backup, or choose another version`,
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(await versionOf(second)).toBe(second);
  });

  it('opens the version anew after its worker has ended', async () => {
    const lost = other.use(second, async (recommender) => {
      const lists = (recommender as unknown as ListMaker).recommend([userOf(1)]);
      await workers[0].nextBatch();
      workers[0].die();
      return lists;
    });
    const error = await errorOf(lost);
    expect(error).toMatchObject({ message: expect.stringContaining('exit code 1') });
    expect(isWorkerDeath(error)).toBe(true); // so that the caller is told to try again
    expect(await versionOf(second)).toBe(second);
    expect(workers).toHaveLength(2);
  });

  it('takes up the catalogue as it is when the next list is made', async () => {
    await versionOf(second);
    await opened.database.write((transaction) =>
      transaction.catalogueLog.create({ data: { kind: 'ITEMS_ADDED', payload: {} } }),
    );
    await versionOf(second);
    expect(workers[0].asked.filter((kind) => kind === 'load')).toHaveLength(2);
  });

  it('closes the version that nobody asks for any more', async () => {
    other = open(1);
    await versionOf(second);
    await workers[0].disposed;
    expect(await versionOf(second)).toBe(second);
    expect(workers).toHaveLength(2);
  });
});
