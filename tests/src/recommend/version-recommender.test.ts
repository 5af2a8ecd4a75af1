import type { RecommendationArgs } from '../../../graphql/recommendation/records';
import { isWorkerDeath } from '../../../src/errors';
import { ListQueue } from '../../../src/recommend/queue';
import type { Recommender } from '../../../src/recommend/recommender';
import { type ListMaker, VersionRecommender } from '../../../src/recommend/version-recommender';
import type { DecodeProtocol } from '../../../src/workers/messages';
import type { WorkerClient } from '../../../src/workers/spawn-worker';
import { activateFakeModel, emptyTables, storeFakeModel } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { errorOf } from '../../support/error-of';
import { FakeDecodeWorker, fakePool, modelOf, userOf } from '../../support/fake-decode-worker';

describe('VersionRecommender', () => {
  let opened: TestDatabase;
  let workers: FakeDecodeWorker[];
  let other: VersionRecommender;
  let live: FakeDecodeWorker;
  let queue: ListQueue;
  let failure: Error | null;
  let second: number;
  let third: number;

  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());
  beforeEach(async () => {
    await emptyTables(opened);
    const first = (await activateFakeModel(opened)).modelVersionId;
    const fake = fakePool(1);
    await fake.pool.load(modelOf(first));
    [live] = fake.workers;
    queue = new ListQueue(fake.pool);
    failure = null;
    second = (await storeFakeModel(opened, { number: 2, status: 'TRAINED' })).modelVersionId;
    third = (await storeFakeModel(opened, { number: 3, status: 'TRAINED' })).modelVersionId;
    workers = [];
    other = open();
  });
  afterEach(() => other.dispose());

  const open = (idleMs?: number) =>
    new VersionRecommender({
      queue,
      database: opened.database,
      store: { open: (key) => Promise.resolve(key) },
      live: recommenderBy(queue),
      spawn: () => {
        const worker = new FakeDecodeWorker();
        workers.push(worker);
        return worker as unknown as WorkerClient<DecodeProtocol>;
      },
      recommenderBy,
      idleMs,
    });

  const recommenderBy = (maker: ListMaker) => new PlainRecommender(maker, () => failure) as unknown as Recommender;

  const ask = (modelVersionId: number) =>
    other.recommendForHistory([], { first: 1, modelVersionId } as RecommendationArgs);

  /** @returns The version that made the list. */
  async function versionOf(id: number): Promise<number | null> {
    const list = ask(id);
    await Promise.race([nextBatch(), list]);
    workers.at(-1)!.answer();
    return (await list).modelVersionId;
  }

  /** Resolves when the worker of the version that is opened last has begun a batch. */
  async function nextBatch(): Promise<void> {
    const before = batches();
    while (batches() === before) await new Promise(setImmediate);
  }
  const batches = () => workers.reduce((sum, worker) => sum + worker.batches.length, 0);

  it('has the live version make lists where none or the live one is named', async () => {
    for (const named of [null, queue.modelVersionId]) {
      const begun = live.nextBatch();
      const list = other.recommendForHistory([], { first: 1, modelVersionId: named } as RecommendationArgs);
      await begun;
      live.answer();
      expect((await list).modelVersionId).toBe(queue.modelVersionId);
    }
    expect(workers).toEqual([]);
  });

  it('makes lists by the version that is named, and holds one version at a time', async () => {
    expect(await versionOf(second)).toBe(second);
    expect(await versionOf(second)).toBe(second);
    expect(workers).toHaveLength(1);
    expect(await versionOf(third)).toBe(third);
    expect(workers.map(({ asked }) => asked.at(-1))).toEqual(['dispose', 'recommend']);
  });

  it('refuses an ID that no version has, and a checkpoint that cannot be loaded, and says what to do', async () => {
    await expect(versionOf(third + 1)).rejects.toMatchObject({
      message:
        'modelVersion: expected the ID of a model version, got one that no version has; modelVersions lists them',
      extensions: { code: 'BAD_USER_INPUT' },
    });
    failure = Object.assign(new Error('/nowhere: expected a checkpoint, got none'), { name: 'CheckpointError' });
    await expect(ask(second)).rejects.toMatchObject({
      message: `modelVersion: expected a version that can be loaded, got version 2: ${failure.message}; restore its files from a backup, or choose another version`,
      extensions: { code: 'BAD_USER_INPUT' },
    });
    failure = null;
    expect(await versionOf(second)).toBe(second);
  });

  it('opens the version anew after its worker has ended', async () => {
    const lost = ask(second);
    await nextBatch();
    workers[0].die();
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

/** Makes the plainest lists of what the list maker gives. */
class PlainRecommender {
  constructor(
    private readonly maker: ListMaker,
    private readonly failure: () => Error | null,
  ) {}

  async recommendForHistory() {
    const failure = this.failure();
    if (failure !== null) throw failure;
    const [{ modelVersionId }] = await this.maker.recommend([userOf(1)]);
    return { modelVersionId };
  }
}
