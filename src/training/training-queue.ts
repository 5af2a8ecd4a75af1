/**
 * Takes the jobs that wait, one at a time, and runs each to its end. Any number of processes may do so on one database: a process runs a
 * job while it holds the job's lease, and the job of a process that was killed is taken by another one when the lease has run out.
 */
import { Prisma, type TrainingJob } from '../../prisma/generated/sqlite/client';
import type { CatalogueServices } from '../catalogue/changes';
import { untilAnswered } from '../storage/database-error';
import { endLease, freeLeases, isAbandoned, type Lease, LEASE_TIMES, releaseLease, takeLease } from '../storage/leases';
import type { Transaction } from '../storage/transaction';
import { type Poller, startPolling } from '../waiting/polling';
import { shareRuns, withTimeout } from '../waiting/promises';
import { changeJob, leaseName, progressOf, UNFINISHED } from './job-row';
import { pruneModels, sweepFiles } from './removal';
import { JOB_ENDED, TrainingRun, type TrainingRunParts } from './training-run';

export interface TrainingQueueParts extends TrainingRunParts {
  readonly services: CatalogueServices;
  /** How many versions stay that are not in use; absent: all. */
  readonly keptVersions?: number;
}

/** Jobs that other processes have started or left are noticed within this time. */
const POLL_MS = 1_000;
/** A store that hangs does not keep the process from ending. */
const MAX_SWEEP_WAIT_MS = 1_000;
/** When so many processes have ended before the job stored a new state, most often for lack of memory, the next one would end too. */
const MAX_PROCESS_DEATHS = 10;

interface TakenJob {
  readonly job: TrainingJob;
  readonly lease: Lease;
}

export class TrainingQueue {
  private current: { readonly run: TrainingRun; readonly done: Promise<void> } | null = null;
  private poller: Poller | null = null;
  private readonly shutdown = new AbortController();
  /**
   * Removes old versions, and the files that no job needs any more. Never rejects: the next sweep tries again. A sweep that runs already
   * may have looked too early for a caller, so one more follows it.
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
    this.poller ??= startPolling(look, { intervalMs: POLL_MS, onFailure: this.logFault });
  }

  /** Stops the job if it runs here. Its row says by then that it is cancelled. Resolves when it has stopped. */
  async stop(jobId: number): Promise<void> {
    if (this.current?.run.jobId !== jobId) return;
    this.current.run.stop();
    await this.current.done;
  }

  /** Stops the running job, which goes on in another process, or at the next start. */
  async dispose(): Promise<void> {
    this.shutdown.abort();
    this.current?.run.stop();
    await this.poller?.dispose();
    await this.idle();
    // A sweep does nothing by now: this waits for the one that runs.
    await withTimeout(MAX_SWEEP_WAIT_MS, this.sweep(), undefined);
  }

  private async sweepOnce(): Promise<void> {
    if (this.isDisposed) return;
    const { services, store, dataDir } = this.parts;
    await this.prune().catch(this.logFault);
    await sweepFiles(services.database, store, dataDir).catch(this.logFault);
  }

  private async prune(): Promise<void> {
    const { services, keptVersions, logger } = this.parts;
    if (keptVersions === undefined) return;
    const { versions } = await pruneModels(services.database, keptVersions);
    if (versions.length > 0) logger.info({ versions, keptVersions }, 'Old model versions were removed.');
  }

  private get isDisposed(): boolean {
    return this.shutdown.signal.aborted;
  }

  /** Never rejects: nobody may be waiting for it. */
  private async work(): Promise<void> {
    try {
      for (let taken = await this.next(); taken !== null; taken = await this.next()) await this.run(taken);
    } catch (error) {
      if (!this.isDisposed) this.logFault(error);
    }
  }

  private async next(): Promise<TakenJob | null> {
    if (this.isDisposed) return null;
    return untilAnswered(() => this.take(), { onFault: this.logFault, signal: this.shutdown.signal });
  }

  /** Takes the oldest job that nobody runs. */
  private async take(): Promise<TakenJob | null> {
    const { services, times = LEASE_TIMES } = this.parts;
    const ids = await this.runnable();
    if (ids.length === 0) return null;
    const free = new Set(await freeLeases(services.database, ids.map(leaseName)));
    for (const id of ids.filter((each) => free.has(leaseName(each)))) {
      const taken = await services.database.write((transaction) => takeJob(transaction, id, times));
      if (taken instanceof DeadlyJobError) this.logDeadly(id, taken);
      else if (taken !== null) return taken;
    }
    return null;
  }

  /** @returns The unfinished jobs, oldest first. */
  private async runnable(): Promise<number[]> {
    const { trainingJob } = this.parts.services.database.read;
    const where = { status: { in: UNFINISHED } };
    const rows = await trainingJob.findMany({ where, orderBy: { id: 'asc' }, select: { id: true } });
    return rows.map(({ id }) => id);
  }

  private async run({ job, lease }: TakenJob): Promise<void> {
    const run = new TrainingRun(job, lease, this.parts);
    const done = run.toTheEnd();
    this.current = { run, done };
    if (this.isDisposed) run.stop();
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
    await database.writeAside((transaction) => releaseLease(transaction, lease)).catch(this.logFault);
  }

  private readonly logFault = (error: unknown): void => {
    const message = 'The database or the checkpoint store does not answer the training queue. It tries again.';
    this.parts.logger.warn({ err: error }, message);
  };

  private logDeadly(jobId: number, error: DeadlyJobError): void {
    this.parts.logger.error({ jobId, err: error }, 'The training failed.');
    this.parts.logger.info({ jobId, preset: error.preset, status: 'FAILED' }, JOB_ENDED);
    void this.sweep();
  }
}

/** Too many processes have ended at a job. Its row says so. */
class DeadlyJobError extends Error {
  override readonly name = 'DeadlyJobError';

  constructor(readonly preset: string) {
    super(
      `process: expected it to store the training's next state, got ${MAX_PROCESS_DEATHS} processes that were killed before; ` +
        'give the process more memory, or train with a smaller preset',
    );
  }
}

/**
 * @returns Null when another process was faster, or the job has ended. An error when the job has failed now, since too many
 *   processes have ended at it.
 */
async function takeJob(
  transaction: Transaction,
  id: number,
  times = LEASE_TIMES,
): Promise<TakenJob | DeadlyJobError | null> {
  const job = await transaction.trainingJob.findFirst({ where: { id, status: { in: UNFINISHED } } });
  const isAfterDeath = await isAbandoned(transaction, leaseName(id));
  const lease = await takeLease(transaction, leaseName(id), times);
  if (lease === null) return null;
  if (job === null) {
    await endLease(transaction, lease.name);
    return null;
  }
  const deaths = job.deaths + (isAfterDeath ? 1 : 0);
  if (deaths >= MAX_PROCESS_DEATHS) return failJob(transaction, job);
  // A job that goes on shows its former progress until it has more.
  const progress: object = progressOf(job);
  const data = { status: 'RUNNING', startedAt: job.startedAt ?? new Date(), progress, deaths };
  return { job: await changeJob(transaction, id, data), lease };
}

async function failJob(transaction: Transaction, { id, preset }: TrainingJob): Promise<DeadlyJobError> {
  const error = new DeadlyJobError(preset);
  const end = { finishedAt: new Date(), deaths: MAX_PROCESS_DEATHS, snapshot: Prisma.DbNull };
  await changeJob(transaction, id, { status: 'FAILED', error: error.message, ...end });
  await endLease(transaction, leaseName(id));
  return error;
}
