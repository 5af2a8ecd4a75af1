/**
 * Takes the jobs that wait, one at a time, and runs each to its end. Any number of processes may do so on one database: who runs a job
 * holds its lease, and the job of a process that was killed is taken by another one when the lease has run out.
 */

import { Prisma, type TrainingJob } from '../../prisma/generated/sqlite/client';
import { untilAnswered } from '../storage/database-error';
import {
  endLease,
  freeLeases,
  isAbandoned,
  type Lease,
  LEASE_TIMES,
  type LeaseTimes,
  releaseLease,
  takeLease,
} from '../storage/leases';
import type { Transaction } from '../storage/transaction';
import { type Poller, startPolling } from '../waiting/polling';
import { shareRuns, withTimeout } from '../waiting/promises';
import { changeJob, progressOf } from './change-job';
import type { StopReason } from './held-job';
import { leaseName, sweepJobs } from './job-folders';
import { isOfNewerRelease, storedConfig } from './job-format';
import { JOB_ENDED, JobRun, type JobRunParts } from './job-run';

export interface TrainingQueueParts extends Omit<JobRunParts, 'lease' | 'times'> {
  readonly times?: LeaseTimes;
}

/** How soon jobs are noticed that other processes have started or left. */
const POLL_MS = 1_000;
/** A store that hangs does not keep the process from ending. */
const MAX_SWEEP_WAIT_MS = 1_000;
/** When so many processes have ended before the job got further, most often for lack of memory, the next one would end too. */
const MAX_PROCESS_DEATHS = 10;
/** The statuses of jobs that are not at their end. */
export const UNFINISHED = ['QUEUED', 'RUNNING'];

const LEFT =
  'A newer version of tigerql has begun this training, and this one cannot go on with it. It waits for a process of that version.';

interface TakenJob {
  readonly job: TrainingJob;
  readonly lease: Lease;
}

export class TrainingQueue {
  private current: { readonly jobId: number; readonly abort: AbortController; readonly done: Promise<void> } | null =
    null;
  private poller: Poller | null = null;
  /** The jobs of which the log says that they wait for a newer release. */
  private readonly left = new Set<number>();
  private readonly shutdown = new AbortController();
  /**
   * Removes the files that no job needs any more. Never rejects: the next sweep tries again. A sweep that runs already may have looked
   * too early for a caller, so one more follows it.
   */
  readonly sweep = shareRuns(() => this.sweepOnce());
  /** Resolves when this process runs no job, and knows of none that waits. */
  readonly idle = shareRuns(() => this.work());

  constructor(private readonly parts: TrainingQueueParts) {}

  /** Call it whenever a job may wait. */
  wake(): void {
    void this.idle();
  }

  /** Looks at intervals for jobs of other processes, until it is disposed. */
  watch(): void {
    this.wake();
    const look = () => Promise.resolve(this.wake());
    this.poller ??= startPolling(look, { intervalMs: POLL_MS, onFailure: this.parts.onFault });
  }

  /** Stops the job if it runs here. Its row says by then that it is cancelled. Resolves when it has stopped. */
  async stop(jobId: number): Promise<void> {
    if (this.current?.jobId !== jobId) return;
    this.current.abort.abort('LOST' satisfies StopReason);
    await this.current.done;
  }

  /** Stops the running job, which goes on in another process, or at the next start. */
  async dispose(): Promise<void> {
    this.shutdown.abort('SHUTDOWN' satisfies StopReason);
    this.current?.abort.abort('SHUTDOWN' satisfies StopReason);
    await this.poller?.dispose();
    await this.idle();
    // By now a sweep does nothing: this waits for the one that runs.
    await withTimeout(MAX_SWEEP_WAIT_MS, this.sweep(), undefined);
  }

  private async sweepOnce(): Promise<void> {
    if (this.isDisposed) return;
    const { services, store, dataDir, onFault } = this.parts;
    await sweepJobs(services.database, store, dataDir).catch(onFault);
  }

  private get isDisposed(): boolean {
    return this.shutdown.signal.aborted;
  }

  /** Never rejects: nobody may be waiting for it. */
  private async work(): Promise<void> {
    try {
      for (let taken = await this.next(); taken !== null; taken = await this.next()) await this.run(taken);
    } catch (error) {
      if (!this.isDisposed) this.parts.onFault(error);
    }
  }

  private async next(): Promise<TakenJob | null> {
    if (this.isDisposed) return null;
    return untilAnswered(() => this.take(), { onFault: this.parts.onFault, signal: this.shutdown.signal });
  }

  /** Takes the oldest job that nobody runs. */
  private async take(): Promise<TakenJob | null> {
    const { database } = this.parts.services;
    const rows = await this.runnable();
    if (rows.length === 0) return null;
    const free = new Set(await freeLeases(database, rows.map(({ id }) => leaseName(id)), this.times)); // prettier-ignore
    for (const { id } of rows.filter((row) => free.has(leaseName(row.id)))) {
      const taken = await database.write((transaction) => takeJob(transaction, id, this.times));
      if (taken !== null) return taken;
      await this.tellFailure(id);
    }
    return null;
  }

  /** The unfinished jobs, oldest first, without those that only a newer release can run. */
  private async runnable(): Promise<{ readonly id: number }[]> {
    const { trainingJob } = this.parts.services.database.read;
    const where = { status: { in: UNFINISHED } };
    const rows = await trainingJob.findMany({ where, orderBy: { id: 'asc' }, select: { id: true, config: true } });
    for (const { id } of rows.filter(isOfNewerRelease)) this.tellLeft(id);
    return rows.filter((row) => !isOfNewerRelease(row));
  }

  private tellLeft(id: number): void {
    if (this.left.has(id)) return;
    this.left.add(id);
    this.parts.onWarning(id, LEFT);
  }

  private async tellFailure(id: number): Promise<void> {
    const { services, onFailure, onNews } = this.parts;
    const job = await services.database.read.trainingJob.findUnique({ where: { id } });
    if (job?.status !== 'FAILED') return; // another process was faster, or it was cancelled
    onFailure(id, new Error(job.error ?? ''));
    onNews({ jobId: id, preset: job.preset, status: 'FAILED' }, JOB_ENDED);
    void this.sweep();
  }

  private async run({ job, lease }: TakenJob): Promise<void> {
    const abort = new AbortController();
    const done = new JobRun(job, { ...this.parts, lease, times: this.times }, abort).toTheEnd();
    this.current = { jobId: job.id, abort, done };
    if (this.isDisposed) abort.abort('SHUTDOWN' satisfies StopReason);
    try {
      await done;
    } finally {
      this.current = null;
      if (this.isDisposed) await this.giveBack(lease);
    }
    await this.sweep();
  }

  /** Ends the lease now, so that another process need not wait until it runs out. */
  private async giveBack(lease: Lease): Promise<void> {
    const { database } = this.parts.services;
    await database.writeAside((transaction) => releaseLease(transaction, lease)).catch(this.parts.onFault);
  }

  private get times(): LeaseTimes {
    return this.parts.times ?? LEASE_TIMES;
  }
}

/**
 * @returns Null when another process was faster, when the job has ended, or when it fails now: too many processes have ended at it.
 *   Null too when a newer release has had it since: its lease, with its number, stays as it is.
 */
async function takeJob(transaction: Transaction, id: number, times: LeaseTimes): Promise<TakenJob | null> {
  const job = await transaction.trainingJob.findFirst({ where: { id, status: { in: UNFINISHED } } });
  if (job !== null && isOfNewerRelease(job)) return null;
  const isAfterDeath = await isAbandoned(transaction, leaseName(id), times);
  const lease = await takeLease(transaction, leaseName(id), times);
  if (lease === null) return null;
  if (job === null) {
    await endLease(transaction, lease.name);
    return null;
  }
  const deaths = job.deaths + (isAfterDeath ? 1 : 0);
  if (deaths >= MAX_PROCESS_DEATHS) {
    await failDeadly(transaction, job);
    return null;
  }
  // A job that goes on shows its former progress until it has more.
  const progress: object = progressOf(job);
  const config = storedConfig(job.config);
  const data = { status: 'RUNNING', startedAt: job.startedAt ?? new Date(), config, progress, deaths };
  return { job: await changeJob(transaction, id, data), lease };
}

async function failDeadly(transaction: Transaction, { id }: TrainingJob): Promise<void> {
  const error =
    `process: expected it to store the training's next state, got ${MAX_PROCESS_DEATHS} processes that were killed before; ` +
    'give the process more memory, or train with a smaller preset';
  const data = { status: 'FAILED', error, finishedAt: new Date(), deaths: MAX_PROCESS_DEATHS, snapshot: Prisma.DbNull };
  await changeJob(transaction, id, data);
  await endLease(transaction, leaseName(id));
}
