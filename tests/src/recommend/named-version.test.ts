import { isWorkerDeath } from '../../../src/errors';
import { NamedVersion } from '../../../src/recommend/named-version';
import type { DecodeProtocol } from '../../../src/workers/messages';
import type { WorkerClient } from '../../../src/workers/spawn-worker';
import { activateFakeModel, emptyTables, storeFakeModel } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';
import { errorOf } from '../../support/error-of';
import { FakeDecodeWorker, userOf } from '../../support/fake-decode-worker';

describe('NamedVersion', () => {
  const opened = useTestDatabase();
  let workers: FakeDecodeWorker[];
  let named: NamedVersion;
  let failure: Error | null;
  let second: number;
  let third: number;
  beforeEach(async () => {
    await emptyTables(opened);
    await activateFakeModel(opened);
    failure = null;
    second = (await storeFakeModel(opened, { number: 2, status: 'TRAINED' })).modelVersionId;
    third = (await storeFakeModel(opened, { number: 3, status: 'TRAINED' })).modelVersionId;
    workers = [];
    named = open();
  });
  afterEach(() => named.dispose());

  const open = (idleMs?: number) =>
    new NamedVersion({
      database: opened.database,
      store: { open: (key) => Promise.resolve(key) },
      spawn: () => {
        const worker = new FakeDecodeWorker();
        workers.push(worker);
        return worker as unknown as WorkerClient<DecodeProtocol>;
      },
      idleMs,
    });

  const ask = (modelVersionId: number) =>
    named.use(modelVersionId, async ({ lists }) => {
      if (failure !== null) throw failure;
      return (await lists.recommend([userOf(1)]))[0];
    });

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

  it('ends a version when the lists of all its callers are made', async () => {
    const lists = Promise.all([second, second, third].map(ask));
    let areMade = false;
    void lists.finally(() => (areMade = true));
    for (const answered = new Map<FakeDecodeWorker, number>(); !areMade; await new Promise(setImmediate))
      for (const worker of workers)
        for (; (answered.get(worker) ?? 0) < worker.batches.length; worker.answer())
          answered.set(worker, (answered.get(worker) ?? 0) + 1);
    expect((await lists).map(({ modelVersionId }) => modelVersionId)).toEqual([second, second, third]);
  });

  it('refuses an ID that no version has, and says what to do', async () => {
    await expect(versionOf(third + 1)).rejects.toMatchObject({
      message: expect.stringMatching(/^modelVersion: expected the ID of a model version that is kept, got another/),
      extensions: { code: 'BAD_USER_INPUT' },
    });
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
    named = open(1);
    await versionOf(second);
    await workers[0].disposed;
    expect(await versionOf(second)).toBe(second);
    expect(workers).toHaveLength(2);
  });
});
