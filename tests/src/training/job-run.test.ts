import { cpSync } from 'node:fs';
import { join } from 'node:path';

import type { TrainingProgressRecord } from '../../../graphql/training/records';
import { bareProgress } from '../../../models/training/fit-input';
import type { TrainingJob } from '../../../prisma/generated/sqlite/client';
import { CheckpointStoreError } from '../../../src/checkpoints/checkpoint-store';
import { FolderStore } from '../../../src/checkpoints/folder-store';
import type { Database } from '../../../src/storage/database';
import { type Lease, LEASE_TIMES, releaseLease, takeLease } from '../../../src/storage/leases';
import { progressRecord } from '../../../src/storage/records';
import { leaseName } from '../../../src/training/job-folders';
import { JobRun, type JobRunParts } from '../../../src/training/job-run';
import type { TrainRequest, TrainResult } from '../../../src/workers/messages';
import { WorkerDiedError } from '../../../src/workers/spawn-worker';
import { emptyTables, storeFakeModel } from '../../support/catalogue';
import { useCheckpointFolder } from '../../support/checkpoint-folder';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { until } from '../../support/until';

const LOST = 'The job was cancelled, or another process has taken it over.';

describe('JobRun', () => {
  let opened: TestDatabase;
  const files = useCheckpointFolder();
  let job: TrainingJob;
  let lease: Lease;
  let told: string[];
  let news: unknown[];
  /** Events that the process has not stored: it is killed before it does. */
  let waiting: TrainingProgressRecord[];
  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());
  beforeEach(async () => {
    await emptyTables(opened);
    [told, waiting, news] = [[], [], []];
    await opened.database.write(async (transaction) => {
      const scope = { lastItemId: 1, lastInteractionId: 1, catalogueVersion: 1 };
      const flags = { status: 'RUNNING', reuseTokenizer: false, activateWhenBetter: false };
      job = await transaction.trainingJob.create({ data: { ...scope, ...flags, preset: 'tiny', config: {}, seed: 1 } });
      lease = (await takeLease(transaction, leaseName(job.id)))!;
    });
  });

  /** Runs the job to its end; what it trains with is not looked at. */
  async function run(
    runTraining: JobRunParts['runTraining'],
    abort = new AbortController(),
    models = {} as JobRunParts['models'],
    store: JobRunParts['store'] = new FolderStore(files.dataDir),
    database: Database = opened.database,
  ): Promise<AbortController> {
    const parts: JobRunParts = {
      services: { database },
      models,
      events: { put: (record) => waiting.push(record), takeWaiting: () => waiting.splice(0) },
      store,
      dataDir: files.dataDir,
      readData: async () => ({ type: 'train', tokenizerFrom: null }) as unknown as TrainRequest,
      runTraining,
      onFailure: (_, error) => told.push((error as Error).message),
      onWarning: (_, message) => told.push(message),
      onReport: (_, message) => told.push(message),
      onNews: (...said) => news.push(said),
      onFault: (error) => told.push((error as Error).name),
      lease,
      times: LEASE_TIMES,
    };
    await new JobRun(job, parts, abort).toTheEnd();
    return abort;
  }
  const row = () => opened.database.read.trainingJob.findUniqueOrThrow({ where: { id: job.id } });
  const numLeases = () => opened.database.read.lease.count();

  it('stores why the job failed, and ends its lease', async () => {
    await run(() => Promise.reject(new Error('out of memory')));
    expect(await row()).toMatchObject({ status: 'FAILED', error: 'out of memory', finishedAt: expect.any(Date) });
    expect(await numLeases()).toBe(0);
    expect(told).toEqual(['out of memory']);
  });

  it('says that it begins and how it ends, with its preset', async () => {
    await run(() => Promise.reject(new Error('out of memory')));
    expect(news).toEqual([
      [{ jobId: job.id, preset: 'tiny' }, 'The training begins.'],
      [{ jobId: job.id, preset: 'tiny', status: 'FAILED' }, 'The training has ended.'],
    ]);
  });

  it('says that it goes on with the job of another process', async () => {
    lease = (await opened.database.write(async (transaction) => {
      await releaseLease(transaction, lease);
      return takeLease(transaction, leaseName(job.id));
    }))!;
    await run(() => Promise.reject(new Error('out of memory')));
    expect(news[0]).toEqual([{ jobId: job.id, preset: 'tiny' }, 'The training goes on in this process.']);
  });

  const storedEvents = async () => {
    const rows = await opened.database.read.progressEvent.findMany({
      where: { jobId: job.id },
      orderBy: { id: 'asc' },
    });
    return rows.map(({ record }) => progressRecord(record));
  };

  it('stores its end and the event of it together: a process that is killed in between leaves nobody waiting', async () => {
    await run(() => Promise.reject(new Error('out of memory')));
    expect(await storedEvents()).toMatchObject([{ jobId: job.id, phase: 'FEATURES' }]);
  });

  it('stores the events that wait before the event of its end', async () => {
    await run((_, { onProgress }) => {
      for (const step of [1, 2]) onProgress(bareProgress('SEQ2SEQ', step, 2));
      return Promise.reject(new Error('out of memory'));
    });
    expect((await storedEvents()).map(({ step }) => step)).toEqual([1, 2, 1]); // of the row: one a second is stored there
    expect(waiting).toEqual([]);
  });

  it('stores the event of an end whose answer was lost, and does not take it for a cancelled job', async () => {
    const { database } = opened;
    const write: Database['write'] = async (work) => {
      const result = await database.write(work);
      if ((await row()).status === 'RUNNING') return result;
      throw Object.assign(new Error('gone'), { name: 'PrismaClientKnownRequestError', code: 'P1001' });
    };
    await run(() => Promise.reject(new Error('out of memory')), undefined, undefined, undefined, {
      ...database,
      write,
    });
    expect(await row()).toMatchObject({ status: 'FAILED' });
    expect(await storedEvents()).toHaveLength(1);
    expect(told).toEqual(['out of memory', 'PrismaClientKnownRequestError']);
  });

  it('leaves the job and its lease as they are when the process ends', async () => {
    const abort = new AbortController();
    await run((_, __, signal) => {
      abort.abort('SHUTDOWN');
      return Promise.reject(signal.reason as Error);
    }, abort);
    expect(await row()).toMatchObject({ status: 'RUNNING', finishedAt: null });
    expect(await numLeases()).toBe(1);
    expect(told).toEqual([]);
  });

  it('tells that the training waits for a checkpoint store that cannot be written', async () => {
    const abort = new AbortController();
    const store = new FolderStore(files.dataDir);
    jest.spyOn(store, 'save').mockRejectedValue(new CheckpointStoreError('s3://shop/: NoSuchBucket'));
    const running = run(async () => ({ checkpointDir: files.checkpointDir }) as TrainResult, abort, undefined, store);
    await until(async () => (await row()).progress !== null);
    expect(await row()).toMatchObject({ progress: { waitingFor: 's3://shop/: NoSuchBucket' } });
    abort.abort('SHUTDOWN');
    await running;
    expect(told).toEqual(['CheckpointStoreError']);
  });

  it('forgets the processes that have died once it stores a new state', async () => {
    const data = { deaths: 2 };
    job = await opened.database.write(({ trainingJob }) => trainingJob.update({ where: { id: job.id }, data }));
    const abort = new AbortController();
    const train: JobRunParts['runTraining'] = async (_, { onState }) => {
      const dir = join(files.dataDir, 'state');
      cpSync(files.checkpointDir, join(dir, 'tokenizer'), { recursive: true });
      onState!(dir);
      abort.abort('SHUTDOWN');
      throw new Error('stopped');
    };
    await run(train, abort);
    expect(await row()).toMatchObject({ status: 'RUNNING', deaths: 0, snapshot: { tokenizer: expect.any(String) } });
    expect(told).toEqual([]);
  });

  it('writes nothing, and says so once, when another process has the lease', async () => {
    const { signal } = await run(async () => {
      const data = { fence: lease.fence + 1 };
      await opened.database.write(({ lease: leases }) => leases.update({ where: { name: lease.name }, data }));
      throw new Error('of the former holder');
    });
    expect(await row()).toMatchObject({ status: 'RUNNING', error: null });
    expect(signal.reason).toBe('LOST');
    expect(told.filter((message) => message === LOST)).toEqual([LOST]);
  });

  it('keeps what the training warns of beside its progress, and tells it', async () => {
    await run((_, { onWarning, onProgress }) => {
      onWarning('Few codes are used.');
      onProgress(bareProgress('TOKENIZER', 1, 2));
      return Promise.reject(new Error('out of memory'));
    });
    expect(await row()).toMatchObject({ progress: { step: 1, warnings: ['Few codes are used.'] } });
    expect(told).toEqual(['Few codes are used.', 'out of memory']);
  });

  describe('when a worker ends while the versions are compared', () => {
    let activated: number[];
    beforeEach(async () => {
      activated = [];
      const { modelVersionId } = await storeFakeModel(opened, { number: 1, status: 'TRAINED' });
      const data = { trainingJobId: job.id };
      await opened.database.write(async ({ modelVersion, trainingJob }) => {
        await modelVersion.update({ where: { id: modelVersionId }, data });
        job = await trainingJob.update({ where: { id: job.id }, data: { activateWhenBetter: true } });
      });
    });

    /** Compares and activates; the worker ends so many times. */
    async function compare(deaths: number): Promise<void> {
      let attempts = 0;
      await run(() => Promise.reject(new Error('expected no training')), undefined, {
        rival: async () => {
          if (attempts++ < deaths) throw new WorkerDiedError('recommend: expected a reply, got its end');
          return { activeId: null, version: null };
        },
        activate: async (id) => {
          activated.push(id);
          return { modelVersion: null, userErrors: [] };
        },
      });
    }

    it('compares them again', async () => {
      await compare(2);
      expect(await row()).toMatchObject({ status: 'SUCCEEDED', error: null });
      expect(activated).toHaveLength(1);
    });

    it('says so in the job, after three attempts', async () => {
      await compare(3);
      const error = 'The version is trained, but could not be activated: recommend: expected a reply, got its end';
      expect(await row()).toMatchObject({ status: 'SUCCEEDED', error });
      expect(activated).toEqual([]);
    });
  });

  it('does not train again when its former process has left a version', async () => {
    const { modelVersionId } = await storeFakeModel(opened, { number: 1, status: 'TRAINED' });
    const data = { trainingJobId: job.id };
    await opened.database.write(({ modelVersion }) => modelVersion.update({ where: { id: modelVersionId }, data }));
    await run(() => Promise.reject(new Error('expected no training')));
    expect(await row()).toMatchObject({ status: 'SUCCEEDED', error: null, progress: { phase: 'DONE' } });
    expect(await storedEvents()).toMatchObject([{ phase: 'DONE' }]);
  });
});
