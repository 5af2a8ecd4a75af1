import { bareProgress } from '../../../models/training/fit-input';
import type { TrainingJob } from '../../../prisma/generated/sqlite/client';
import { endLease } from '../../../src/storage/leases';
import { leaseName } from '../../../src/training/job-folders';
import { JOB_FORMAT } from '../../../src/training/job-format';
import type { TrainingQueue } from '../../../src/training/training-queue';
import { activateFakeModel } from '../../support/catalogue';
import { addJob, expectSucceeded, jobRow, open, queue } from '../../support/queue-suite';
import { failures, opened, requests, resultOf, test, toldProgress } from '../../support/training-suite';
import { until } from '../../support/until';

describe('a TrainingQueue beside another process', () => {
  /** Of a process that gives no sign of life: its leases run out at once. */
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

  /** A queue that begins a job and does not end it until `wakeUp` is called. @param step - The one it reports first. */
  async function openStuck(times = SHORT, step?: number): Promise<Stuck> {
    let wakeUp = () => undefined as void;
    const begun = new Promise<AbortSignal>((resolve) => {
      const asleep = new Promise<void>((wake) => (wakeUp = wake));
      open(
        async (request, onProgress, signal) => {
          if (step !== undefined) onProgress(bareProgress('SEQ2SEQ', step, 99));
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

  it('leaves a job that a newer release has begun, says so once, and runs the next one', async () => {
    const [newer, own] = [await addJob(), await addJob()];
    const format = JOB_FORMAT + 1;
    const data = { config: { ...(newer.config as object), format }, status: 'RUNNING' };
    await opened.database.write((transaction) => transaction.trainingJob.update({ where: { id: newer.id }, data }));
    open(async (request) => resultOf(request));
    for (let look = 0; look < 2; look++) {
      queue.wake();
      await queue.idle();
    }
    expect(failures.splice(0)).toEqual([expect.stringMatching(/^A newer version of tigerql has begun this training/)]);
    await expectSucceeded(own);
    expect(await jobRow(newer)).toMatchObject({ status: 'RUNNING', error: null, config: { format } });
    expect(requests.map(({ jobId }) => jobId)).toEqual([own.id]);
  });

  it('marks a job of an older release as its own, so that no older process takes it back', async () => {
    const job = await addJob(); // a row without a format, as the first releases wrote it
    open(async (request) => resultOf(request));
    queue.wake();
    await queue.idle();
    expect(await jobRow(job)).toMatchObject({ status: 'SUCCEEDED', config: { format: JOB_FORMAT } });
    expect(requests[0].config).toEqual(job.config);
  });

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

  /** Processes that are killed at these steps of the job (undefined: before the first), until it has failed. */
  async function dieAt(job: TrainingJob, steps: readonly (number | undefined)[]): Promise<void> {
    const dead: Stuck[] = [];
    try {
      for (const step of steps) {
        dead.push(await openStuck(SHORT, step));
        if (step !== undefined) await until(async () => (await stepOf(job)) === step);
      }
      open(async (request) => resultOf(request), { times: LONG });
      queue.wake();
      await queue.idle();
    } finally {
      const outcome = await jobRow(job);
      for (const { wakeUp, queue: runner } of dead) {
        wakeUp();
        await runner.idle();
      }
      expect(await jobRow(job)).toEqual(outcome);
    }
    failures.length = 0;
  }

  const stepOf = async (job: TrainingJob) => ((await jobRow(job)).progress as { step?: number } | null)?.step;

  const TOO_MANY = expect.stringContaining('got 10 processes that were killed before; give the process more memory');

  it('fails a job that ten processes have not survived, and says what to do', async () => {
    const job = await addJob();
    await dieAt(job, Array<undefined>(10).fill(undefined));
    expect(requests).toHaveLength(10);
    expect(await jobRow(job)).toMatchObject({ status: 'FAILED', error: TOO_MANY, deaths: 10 });
    expect(await toldProgress()).toHaveLength(10 + 1); // each begins it, and one tells of its end
  });

  it('finishes a job of which every process is killed, but gets further than the one before', async () => {
    const job = await addJob();
    await dieAt(
      job,
      Array.from({ length: 12 }, (_, n) => n + 1),
    );
    await expectSucceeded(job);
  });

  it('fails a job whose processes all die near the same step', async () => {
    const job = await addJob();
    const steps = Array.from({ length: 19 }, (_, n) => 5 + (n % 2));
    await dieAt(job, steps);
    expect(await jobRow(job)).toMatchObject({ status: 'FAILED', error: TOO_MANY });
  });

  it('counts no process that has given the job back', async () => {
    const job = await addJob();
    for (let n = 0; n < 10; n++) {
      const { wakeUp, queue: runner } = await openStuck(LONG);
      const disposed = runner.dispose();
      wakeUp();
      await disposed;
      expect(await jobRow(job)).toMatchObject({ status: 'RUNNING', deaths: 0 });
    }
    open(async (request) => resultOf(request), { times: LONG });
    queue.wake();
    await queue.idle();
    await expectSucceeded(job);
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

  it('does not activate again what the former process has activated before another version came', async () => {
    const job = await addJob();
    open(async (request) => resultOf(request), { times: LONG });
    queue.wake();
    await queue.idle();
    await activateFakeModel(opened, 2);
    await opened.database.write(async (transaction) => {
      await transaction.modelVersion.updateMany({ where: { trainingJobId: job.id }, data: { status: 'RETIRED' } });
      await transaction.trainingJob.update({ where: { id: job.id }, data: { status: 'RUNNING', finishedAt: null } });
    });
    queue.wake();
    await queue.idle();
    expect(await jobRow(job)).toMatchObject({ status: 'SUCCEEDED' });
    const versions = await opened.database.read.modelVersion.findMany({ orderBy: { id: 'asc' } });
    expect(versions.map(({ status }) => status)).toEqual(['RETIRED', 'ACTIVE']);
  });
});
