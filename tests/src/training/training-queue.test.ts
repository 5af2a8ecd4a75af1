import { presetConfig } from '../../../models/config';
import { bareProgress, type FitProgress } from '../../../models/training/fit-input';
import type { Prisma, TrainingJob } from '../../../prisma/generated/sqlite/client';
import type { Database } from '../../../src/storage/database';
import { TrainingQueue, type TrainingQueueParts } from '../../../src/training/training-queue';
import { storeTrainingJob } from '../../support/catalogue';
import {
  failures,
  type FakeTraining,
  faults,
  models,
  opened,
  publishedProgress,
  queueParts,
  requests,
  resultOf,
  scene,
  test,
} from '../../support/training-suite';

/** Prisma's error when another process holds SQLite's write lock for too long. */
const LOCKED = Object.assign(new Error('Operation has timed out'), {
  name: 'PrismaClientKnownRequestError',
  code: 'P1008',
});

/** The database; as many writes fail as `failures` says. */
interface FaultyDatabase extends Database {
  failures: number;
  onFailure: () => void;
}

function withFaults(database: Database): FaultyDatabase {
  const faulty: FaultyDatabase = {
    ...database,
    failures: 0,
    onFailure: () => undefined,
    write(work, options) {
      if (faulty.failures === 0) return database.write(work, options);
      faulty.failures--;
      faulty.onFailure();
      return Promise.reject(LOCKED);
    },
  };
  return faulty;
}

/** Parts of the running test. */
let database: FaultyDatabase;
let queue: TrainingQueue;

beforeEach(async () => {
  database = withFaults(opened.database);
  await test.catalogue.upsertItems([{ externalId: 'a', title: '#1.2 a' }], true);
  await test.catalogue.recordInteractions([{ userExternalId: 'u', itemExternalId: 'a', kind: 'PURCHASE' }]);
});
afterEach(() => queue.dispose());

function open(runTraining: FakeTraining, parts: Partial<TrainingQueueParts> = {}): void {
  queue = new TrainingQueue({
    ...queueParts(runTraining),
    services: { ...test.services, database },
    ...parts,
  });
}

function addJob(): Promise<TrainingJob> {
  const tiny = presetConfig('tiny');
  const config = { ...tiny, tokenizer: { ...tiny.tokenizer, kind: 'rqvae', numLevels: 2, codebookSize: 8 } };
  return storeTrainingJob(opened.database, {
    config: config as unknown as Prisma.InputJsonObject,
    status: 'QUEUED',
    activateWhenBetter: true,
  });
}

const jobRow = ({ id }: TrainingJob) => opened.database.read.trainingJob.findUniqueOrThrow({ where: { id } });

async function expectSucceeded(job: TrainingJob): Promise<void> {
  expect(failures).toEqual([]);
  expect(await jobRow(job)).toMatchObject({ status: 'SUCCEEDED', error: null, progress: { phase: 'DONE' } });
  expect(await models.live()).toMatchObject({ trainingJobId: job.id, status: 'ACTIVE' });
}

describe('TrainingQueue', () => {
  it('finishes a job whose progress could not be stored at first, and publishes it all', async () => {
    const job = await addJob();
    const at = (step: number): FitProgress => ({ ...bareProgress('SEQ2SEQ', step, 9), loss: step });
    open(async (request, onProgress) => {
      database.failures = 1;
      const failed = new Promise<void>((resolve) => (database.onFailure = resolve));
      onProgress(at(1));
      await failed;
      onProgress(at(2));
      return resultOf(request);
    });
    queue.wake();
    await queue.idle();
    await expectSucceeded(job);
    expect(faults).toEqual([LOCKED]);
    const steps = (await publishedProgress()).map(({ phase, step }) => `${phase} ${step}`);
    expect(steps).toEqual(['FEATURES 0', 'SEQ2SEQ 1', 'SEQ2SEQ 2', 'DONE 1']);
    const points = await opened.database.read.metricPoint.findMany({ orderBy: { step: 'asc' } });
    expect(points).toEqual([{ jobId: job.id, metric: 'loss', step: 1, value: 1 }]);
  });

  it('stores result and outcome when the database answers again, and trains once', async () => {
    const [job, next] = [await addJob(), await addJob()];
    open(async (request) => {
      database.failures = 2;
      return resultOf(request);
    });
    database.failures = 1; // the first write: that the job runs
    queue.wake();
    await queue.idle();
    expect(requests).toHaveLength(2);
    expect(await jobRow(job)).toMatchObject({ status: 'SUCCEEDED', error: null });
    expect(await jobRow(next)).toMatchObject({ status: 'SUCCEEDED', error: null });
    expect(failures).toEqual([]);
  });

  const statuses = async () => {
    const versions = await opened.database.read.modelVersion.findMany({ orderBy: { id: 'asc' } });
    return versions.map(({ trainingJobId, status }) => [trainingJobId, status]);
  };

  it('replaces a live version whose files are damaged by a worse one, and that one not by a worse one still', async () => {
    const [job, worse, worst] = [await addJob(), await addJob(), await addJob()];
    open(async (request) => {
      if (requests.length === 2) damage(); // of the first version
      return resultOf(request, 0.5 - requests.length / 10);
    });
    const damage = () => {
      scene.liveVersionId = null;
      scene.damagedDir = `jobs/${job.id}/checkpoint-1`;
    };
    queue.wake();
    await queue.idle();
    scene.damagedDir = null;
    expect(failures).toEqual([]);
    expect(await statuses()).toEqual([
      [job.id, 'RETIRED'],
      [worse.id, 'ACTIVE'],
      [worst.id, 'REJECTED'],
    ]);
    expect(await jobRow(worse)).toMatchObject({ status: 'SUCCEEDED', error: null });
    const error = expect.stringMatching(
      /^The version is trained, but was not activated: ndcg@10: expected .* 0\.3000 .* 0\.2000/,
    );
    expect(await jobRow(worst)).toMatchObject({ status: 'SUCCEEDED', error });
  });

  it('removes old versions after each training when a setting says how many stay', async () => {
    const jobs = [await addJob(), await addJob(), await addJob()];
    open(async (request) => resultOf(request), { keptVersions: 1 });
    queue.wake();
    await queue.idle();
    expect((await statuses()).map(([id]) => id)).toEqual(jobs.slice(1).map(({ id }) => id));
  });
});

describe('a TrainingQueue beside another process', () => {
  /** Times of a process that gives no sign of life: its leases run out at once. */
  const SHORT = { durationMs: 0, prolongEveryMs: 600_000 };
  const LONG = { durationMs: 600_000, prolongEveryMs: 1 };
  const others: TrainingQueue[] = [];
  afterEach(async () => {
    for (const other of others.splice(0)) await other.dispose();
  });

  interface Stuck {
    readonly queue: TrainingQueue;
    readonly wakeUp: () => void;
    readonly signal: AbortSignal;
  }

  /** A queue that begins a job and does not end it until `wakeUp` is called. */
  async function openStuck(times = SHORT): Promise<Stuck> {
    let wakeUp = () => undefined as void;
    const begun = new Promise<AbortSignal>((resolve) => {
      const asleep = new Promise<void>((wake) => (wakeUp = wake));
      open(
        async (request, _, signal) => {
          resolve(signal);
          await asleep;
          return resultOf(request);
        },
        { times },
      );
    });
    const stuck = queue;
    others.push(stuck);
    stuck.wake();
    const signal = await Promise.race([begun, stuck.idle()]);
    if (signal === undefined) throw new Error('queue: expected a job to begin, got none');
    return { queue: stuck, wakeUp, signal };
  }

  it('takes a job whose process is gone, and the former process ends nothing when it wakes up', async () => {
    const job = await addJob();
    const former = await openStuck();
    open(async (request) => resultOf(request), { times: LONG });
    queue.wake();
    await queue.idle();
    expect(requests).toHaveLength(2);
    expect(await jobRow(job)).toMatchObject({ status: 'SUCCEEDED' });
    const log = test.commits.length;
    former.wakeUp();
    await former.queue.idle();
    expect(await jobRow(job)).toMatchObject({ status: 'SUCCEEDED', error: null });
    expect(await opened.database.read.modelVersion.count()).toBe(1);
    expect(test.commits).toHaveLength(log);
    expect(failures).toEqual(['The job was cancelled, or another process has taken it over.']);
  });

  it('fails a job that ten processes have not survived, and says what to do', async () => {
    const job = await addJob();
    const dead: Stuck[] = [];
    for (let n = 0; n < 10; n++) dead.push(await openStuck());
    open(async (request) => resultOf(request), { times: LONG });
    queue.wake();
    await queue.idle();
    const outcome = await jobRow(job);
    expect(requests).toHaveLength(10);
    const error = expect.stringContaining('got 10 processes that were killed before; give the process more memory');
    expect(outcome).toMatchObject({ status: 'FAILED', error, deaths: 10 });
    expect(await publishedProgress()).toHaveLength(10 + 1); // each begins it, and one says how it ends
    for (const { wakeUp, queue: runner } of dead) {
      wakeUp();
      await runner.idle();
    }
    expect(await jobRow(job)).toEqual(outcome);
  });
});
