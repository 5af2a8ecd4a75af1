import { bareProgress, type FitProgress } from '../../../models/training/fit-input';
import { endLease } from '../../../src/storage/leases';
import { leaseName } from '../../../src/training/job-row';
import type { TrainingQueue } from '../../../src/training/training-queue';
import { addJob, database, expectSucceeded, jobRow, LOCKED, open, queue } from '../../support/queue-suite';
import {
  failures,
  faults,
  opened,
  publishedProgress,
  requests,
  resultOf,
  scene,
  test,
} from '../../support/training-suite';

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

  it('leaves a job alone that another process runs', async () => {
    const job = await addJob();
    const { wakeUp, queue: runner } = await openStuck(LONG);
    open(async (request) => resultOf(request), { times: LONG });
    queue.wake();
    await queue.idle();
    expect(requests).toHaveLength(1);
    wakeUp();
    await runner.idle();
    await expectSucceeded(job);
  });

  it('stops a job that is cancelled elsewhere', async () => {
    const job = await addJob();
    const { signal, wakeUp, queue: runner } = await openStuck(LONG);
    const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve));
    await opened.database.write(async (transaction) => {
      await endLease(transaction, leaseName(job.id));
      await transaction.trainingJob.update({ where: { id: job.id }, data: { status: 'CANCELLED' } });
    });
    await stopped;
    wakeUp();
    await runner.idle();
    expect(await jobRow(job)).toMatchObject({ status: 'CANCELLED' });
    expect(await opened.database.read.modelVersion.count()).toBe(0);
  });
});
