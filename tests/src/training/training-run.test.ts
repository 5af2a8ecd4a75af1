import { cpSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { bareProgress } from '../../../models/training/fit-input';
import type { TrainingJob } from '../../../prisma/generated/sqlite/client';
import { CheckpointStoreError } from '../../../src/checkpoints/checkpoint-store';
import { FolderStore } from '../../../src/checkpoints/folder-store';
import { type Lease, takeLease } from '../../../src/storage/leases';
import { progressRecord } from '../../../src/storage/records';
import { leaseName } from '../../../src/training/job-row';
import { TrainingRun, type TrainingRunParts } from '../../../src/training/training-run';
import type { TrainRequest, TrainResult } from '../../../src/workers/messages';
import { WorkerDiedError } from '../../../src/workers/spawn-worker';
import { emptyTables, storeFakeModel, storeTrainingJob } from '../../support/catalogue';
import { useCheckpointFolder } from '../../support/checkpoint-folder';
import { useTestDatabase } from '../../support/database';
import { until } from '../../support/until';

const LOST = 'The job was cancelled, or another process has taken it over.';

describe('TrainingRun', () => {
  const opened = useTestDatabase();
  const files = useCheckpointFolder();
  let job: TrainingJob;
  let lease: Lease;
  /** Warnings and errors of the log. */
  let logged: string[];
  let news: unknown[];
  let stop: () => void;
  beforeEach(async () => {
    await emptyTables(opened);
    [logged, news] = [[], []];
    job = await storeTrainingJob(opened.database);
    lease = (await opened.database.write((transaction) => takeLease(transaction, leaseName(job.id))))!;
  });

  const log = ({ err }: { readonly err?: unknown }, message: string) =>
    void logged.push(err === undefined ? message : (err as Error).message);

  /** Runs the job to its end; nobody looks at what it trains with. */
  async function run(
    runTraining: TrainingRunParts['runTraining'],
    parts: Partial<Pick<TrainingRunParts, 'models' | 'store'>> = {},
  ): Promise<void> {
    const running = new TrainingRun(job, lease, {
      services: { database: opened.database },
      models: {} as TrainingRunParts['models'],
      store: new FolderStore(files.dataDir),
      dataDir: files.dataDir,
      readData: async (_, jobDir) => ({ type: 'train', tokenizerFrom: null, jobDir }) as unknown as TrainRequest,
      runTraining,
      logger: { debug: log, info: (...said: unknown[]) => void news.push(said), warn: log, error: log },
      ...parts,
    });
    stop = () => running.stop();
    await running.toTheEnd();
  }
  const row = () => opened.database.read.trainingJob.findUniqueOrThrow({ where: { id: job.id } });
  const numLeases = () => opened.database.read.lease.count();

  it('stores why the job failed with the event of it, ends its lease, and leaves no work folder', async () => {
    await run(() => Promise.reject(new Error('out of memory')));
    expect(await row()).toMatchObject({ status: 'FAILED', error: 'out of memory', finishedAt: expect.any(Date) });
    expect(await storedEvents()).toMatchObject([{ jobId: job.id, phase: 'FEATURES' }]);
    expect(await numLeases()).toBe(0);
    expect(logged).toEqual(['out of memory']);
    expect(readdirSync(join(files.dataDir, 'work', '1'))).toEqual([]);
  });

  const storedEvents = async () => {
    const rows = await opened.database.read.progressEvent.findMany({
      where: { jobId: job.id },
      orderBy: { id: 'asc' },
    });
    return rows.map(({ record }) => progressRecord(record));
  };

  it('leaves the job and its lease as they are when the process ends', async () => {
    await run((_, __, signal) => {
      stop();
      return Promise.reject(new Error(String(signal.reason)));
    });
    expect(await row()).toMatchObject({ status: 'RUNNING', finishedAt: null });
    expect(await numLeases()).toBe(1);
    expect(logged).toEqual([]);
  });

  it('says that the training waits for a checkpoint store that cannot be written', async () => {
    const store = new FolderStore(files.dataDir);
    jest.spyOn(store, 'save').mockRejectedValue(new CheckpointStoreError('s3://shop/: NoSuchBucket'));
    const running = run(async () => ({ checkpointDir: files.checkpointDir }) as TrainResult, { store });
    await until(async () => (await row()).progress !== null);
    expect(await row()).toMatchObject({ progress: { waitingFor: 's3://shop/: NoSuchBucket' } });
    stop();
    await running;
    expect(logged).toEqual(['s3://shop/: NoSuchBucket']);
  });

  /** @returns A folder with a new state of the job, as the worker leaves it. */
  function newState(): string {
    const dir = mkdtempSync(join(files.dataDir, 'state-'));
    cpSync(files.checkpointDir, join(dir, 'tokenizer'), { recursive: true });
    return dir;
  }

  it('says beside the progress that a state cannot be stored, until one is', async () => {
    const store = new FolderStore(files.dataDir);
    const save = jest.spyOn(store, 'save').mockRejectedValueOnce(new CheckpointStoreError('s3://shop/: NoSuchBucket'));
    await run(
      async (_, { onState, onProgress }) => {
        onState!(newState());
        await until(() => logged.length > 0);
        onProgress(bareProgress('SEQ2SEQ', 1, 9));
        await until(async () => (await row()).progress !== null);
        expect((await row()).progress).toMatchObject({
          warnings: [expect.stringMatching(/cannot be stored.*NoSuchBucket/)],
        });
        onState!(newState());
        stop();
        throw new Error('stopped');
      },
      { store },
    );
    expect(save).toHaveBeenCalledTimes(2);
    expect(await row()).toMatchObject({ snapshot: { tokenizer: expect.any(String) } });
  });

  describe('when a fault may pass', () => {
    const FULL = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    const DEATH = new WorkerDiedError('train.js: expected a reply, got exit code 1');
    const GOES_ON = `The training goes on from its last state in a new thread. ${DEATH.message}`;

    /** Trains with these errors, one after the other, and then fails for good. Runs of `further` reach a new state. */
    function train(errors: readonly Error[], further: readonly number[] = []): Promise<void> {
      let runs = 0;
      return run(async (_, { onState }) => {
        const error = errors[runs++];
        if (further.includes(runs)) onState!(newState());
        throw error ?? new Error('the end');
      });
    }

    it('waits for room on the disk, says so, and trains again', async () => {
      await train([FULL]);
      expect(logged).toEqual([expect.stringMatching(/^The training waits\. .*ENOSPC.*; make room, then/), 'the end']);
      expect((await storedEvents())[0].waitingFor).toMatch(/ENOSPC/);
    });

    it('trains again after two threads that ended, and fails after the third', async () => {
      await train([DEATH, DEATH, DEATH]);
      expect(logged).toEqual([GOES_ON, GOES_ON, DEATH.message]);
    });
  });

  it('writes nothing, and says so once, when another process has the lease', async () => {
    await run(async () => {
      const data = { fence: lease.fence + 1 };
      await opened.database.write(({ lease: leases }) => leases.update({ where: { name: lease.name }, data }));
      throw new Error('of the former holder');
    });
    expect(await row()).toMatchObject({ status: 'RUNNING', error: null });
    expect(logged.filter((message) => message === LOST)).toEqual([LOST]);
  });

  it('keeps what the training warns of beside its progress, and logs it', async () => {
    await run((_, { onWarning, onProgress }) => {
      onWarning('Few codes are used.');
      onProgress(bareProgress('TOKENIZER', 1, 2));
      return Promise.reject(new Error('out of memory'));
    });
    expect(await row()).toMatchObject({ progress: { step: 1, warnings: ['Few codes are used.'] } });
    expect(logged).toEqual(['Few codes are used.', 'out of memory']);
  });

  describe('when a worker ends while the versions are compared', () => {
    let activated: number[];
    beforeEach(async () => {
      activated = [];
      const { modelVersionId } = await storeFakeModel(opened, { number: 1, status: 'TRAINED' });
      const users = { name: 'users', value: 500, low: null, high: null };
      const metrics = [users, { name: 'ndcg@10', value: 0.5, low: 0.4, high: 0.6 }];
      const data = { trainingJobId: job.id, metrics };
      await opened.database.write(async ({ modelVersion, trainingJob }) => {
        await modelVersion.update({ where: { id: modelVersionId }, data });
        job = await trainingJob.update({ where: { id: job.id }, data: { activateWhenBetter: true } });
      });
    });

    /** Compares and activates; the worker ends so many times. */
    async function compare(deaths: number): Promise<void> {
      let attempts = 0;
      const models: TrainingRunParts['models'] = {
        rival: async () => {
          if (attempts++ < deaths) throw new WorkerDiedError('recommend: expected a reply, got its end');
          return { activeId: null, version: null };
        },
        activate: async (id) => {
          activated.push(id);
          return { modelVersion: null, userErrors: [] };
        },
      };
      await run(() => Promise.reject(new Error('expected no training')), { models });
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
