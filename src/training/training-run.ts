/** One training job in the process that holds its lease, from its stored state to the outcome in its row. */
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { TrainingProgressRecord, TrainingStatus } from '../../graphql/training/records';
import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import { bareProgress } from '../../models/training/fit-input';
import { type ModelVersion, Prisma, type TrainingJob } from '../../prisma/generated/sqlite/client';
import type { CatalogueServices } from '../catalogue/changes';
import type { CheckpointStore } from '../checkpoints/checkpoint-store';
import { isWorkerDeath } from '../errors';
import { isDiskFault } from '../files/file-fault';
import { messageOf } from '../message-of';
import type { Database } from '../storage/database';
import { isStoreFault, untilAnswered } from '../storage/database-error';
import {
  endLease,
  holdLease,
  keepLease,
  type Lease,
  LEASE_TIMES,
  LeaseLostError,
  type LeaseTimes,
} from '../storage/leases';
import { modelVersionRecord } from '../storage/records';
import type { Transaction } from '../storage/transaction';
import type { TrainRequest, TrainResult } from '../workers/messages';
import { askAgain } from '../workers/spawn-worker';
import { activateIfBetter } from './activate-if-better';
import { checkpointKey, jobName, JobStates, openWorkFolder, removeWorkFolder, statesFolder } from './job-folders';
import { changeJob } from './job-row';
import type { ModelStore } from './model-store';
import { JobProgress } from './progress-events';
import { storeMadeVectors, storeTrainingResult } from './training-results';
import type { TrainingEvents } from './training-runner';

export interface TrainingRunParts {
  readonly services: Pick<CatalogueServices, 'database'>;
  readonly models: Pick<ModelStore, 'rival' | 'activate'>;
  readonly store: CheckpointStore;
  readonly dataDir: string;
  readonly logger: Readonly<Record<'debug' | 'info' | 'warn' | 'error', (fields: object, message: string) => void>>;
  /** True when a command shows the job's row, so that the log need not repeat it. */
  readonly isRowShown?: boolean;
  /** Reads what the job trains on. @throws {DatabaseError} When the database does not answer; it is asked again. */
  readonly readData: (
    job: TrainingJob,
    jobDir: string,
    signal: AbortSignal,
    onProgress: TrainingEvents['onProgress'],
  ) => Promise<TrainRequest>;
  /** Rejects when the signal is aborted. The same request later goes on from the state in the job's folder. */
  readonly runTraining: (request: TrainRequest, events: TrainingEvents, signal: AbortSignal) => Promise<TrainResult>;
  readonly times?: LeaseTimes;
}

export const JOB_ENDED = 'The training has ended.';

/** When so many threads have ended before the training stored a new state, most often for lack of memory, the next one would end too. */
const MAX_THREAD_DEATHS = 3;
/** A state of a small model. With less room the training would soon end again. */
const ROOM_BYTES = 2 ** 24;
/** A disk that has just room enough for the test, but not for the state, is not tried without a pause. */
const ROOM_PAUSE_MS = 1_000;

interface Trained {
  readonly request: TrainRequest;
  readonly result: TrainResult;
}

interface Outcome {
  readonly status: Extract<TrainingStatus, 'SUCCEEDED' | 'FAILED'>;
  readonly error: string | null;
  readonly version: ModelVersion | null;
}

/**
 * Whatever the process writes for the job, it writes only while the lease is its own; when it has lost the lease, it stops and leaves the
 * job as it is.
 */
export class TrainingRun {
  private readonly name: string;
  private readonly database: Database;
  private readonly progress: JobProgress;
  private readonly abort = new AbortController();
  private stateWarning: string | null = null;

  constructor(
    /** The row as it was when this process took the job. */
    private readonly job: TrainingJob,
    private readonly lease: Lease,
    private readonly parts: TrainingRunParts,
  ) {
    this.name = jobName(job);
    this.database = parts.services.database;
    this.progress = new JobProgress({
      jobId: job.id,
      former: job.progress as TrainingProgressRecord | null,
      write: (work) => this.answered(() => this.write(work)),
      onError: this.noteFault,
    });
  }

  get jobId(): number {
    return this.job.id;
  }

  /** The job was cancelled, another process has it, or this one ends. The job's row stays as it is. */
  stop(): void {
    this.abort.abort();
  }

  /** Resolves when the job has ended or is stopped. */
  async toTheEnd(): Promise<void> {
    const kept = keepLease(this.database, this.lease, { times: this.parts.times, onLost: () => this.lose() });
    this.say(this.lease.fence === 1 ? 'The training begins.' : 'The training goes on in this process.');
    try {
      const outcome = await this.outcome();
      kept.dispose(); // the write that ends the job ends the lease, which is no loss
      await this.end(outcome);
    } catch (error) {
      if (error instanceof LeaseLostError) this.lose();
      else if (!this.signal.aborted) throw error;
    } finally {
      kept.dispose();
    }
  }

  private async outcome(): Promise<Outcome> {
    try {
      const version = (await this.formerVersion()) ?? (await this.train());
      const error = this.job.activateWhenBetter ? await this.activate(version) : null;
      return { status: 'SUCCEEDED', error, version };
    } catch (error) {
      this.signal.throwIfAborted();
      if (error instanceof LeaseLostError) throw error;
      this.logFailure(error);
      return { status: 'FAILED', error: messageOf(error), version: null };
    }
  }

  /** @returns The version that a former process of the job has stored before it ended. */
  private formerVersion(): Promise<ModelVersion | null> {
    const { modelVersion } = this.database.read;
    return this.answered(() => modelVersion.findUnique({ where: { trainingJobId: this.jobId } }));
  }

  private async train(): Promise<ModelVersion> {
    const jobDir = await this.openFolder();
    try {
      const states = await this.restore(jobDir);
      const { request, result } = await this.trainThroughFaults(jobDir, states);
      return await this.store(request, result);
    } finally {
      for (const dir of [jobDir, statesFolder(jobDir)]) await removeWorkFolder(dir, this.noteFault);
    }
  }

  private openFolder(): Promise<string> {
    return this.answered(() => openWorkFolder(this.parts.dataDir, this.name, this.lease.fence));
  }

  /** Puts the stored state into the job's folder. A state that is lost or damaged is as good as none. */
  private async restore(jobDir: string): Promise<JobStates> {
    const states = this.statesFrom(this.job.snapshot as Record<string, string> | null);
    try {
      await this.answered(() => states.restore(jobDir));
      return states;
    } catch (error) {
      if (!isCheckpointError(error)) throw error;
      this.warn(`Its state cannot be used, so it starts from the beginning: ${error.message}`);
      await this.openFolder();
      return this.statesFrom(null);
    }
  }

  private statesFrom(stored: Record<string, string> | null): JobStates {
    return new JobStates(stored ?? {}, {
      store: this.parts.store,
      jobName: this.name,
      fence: this.lease.fence,
      storeState: async (snapshot) => {
        await this.write(async ({ trainingJob }) => {
          await trainingJob.update({ where: { id: this.jobId }, data: { snapshot: { ...snapshot }, deaths: 0 } });
        });
        this.warnOfState(null);
      },
      onError: (error) => {
        this.noteFault(error);
        if (!this.signal.aborted) this.warnOfState(messageOf(error));
      },
    });
  }

  /** Says beside the progress that a restart would lose work. @param fault - Null: the last state is stored. */
  private warnOfState(fault: string | null): void {
    const { warnings } = this.progress;
    if (this.stateWarning !== null) warnings.delete(this.stateWarning);
    this.stateWarning = fault && `Its state cannot be stored, so a restart would lose what it learns now. ${fault}`;
    if (this.stateWarning !== null) warnings.add(this.stateWarning);
  }

  /** Trains, and goes on from the last state after a fault that may pass: a full disk, or the end of the thread that trains. */
  private async trainThroughFaults(jobDir: string, states: JobStates): Promise<Trained> {
    let deaths = 0;
    const onState = (dir: string) => {
      deaths = 0;
      states.add(dir);
    };
    try {
      for (;;) {
        try {
          return await this.trainOnce(jobDir, onState);
        } catch (error) {
          this.signal.throwIfAborted();
          if (isDiskFault(error)) await this.waitForRoom(jobDir, messageOf(error));
          else if (isWorkerDeath(error) && ++deaths < MAX_THREAD_DEATHS)
            this.warn(`The training goes on from its last state in a new thread. ${messageOf(error)}`);
          else throw error;
        }
      }
    } finally {
      await Promise.all([this.progress.settled(), states.settled()]);
    }
  }

  private async trainOnce(jobDir: string, onState: (dir: string) => void): Promise<Trained> {
    const { store, readData, runTraining } = this.parts;
    const onRead: TrainingEvents['onProgress'] = (progress) => this.progress.report(progress);
    const request = await this.answered(() => readData(this.job, jobDir, this.signal, onRead));
    const tokenizerFrom = request.tokenizerFrom && (await this.answered(() => store.open(request.tokenizerFrom!)));
    const events: TrainingEvents = {
      // `DONE` is stored with the version, and not when the worker is ready.
      onProgress: (progress) => progress.phase === 'DONE' || this.progress.report(progress),
      onWarning: (message) => {
        this.progress.warnings.add(message);
        this.parts.logger[this.parts.isRowShown ? 'debug' : 'warn']({ jobId: this.jobId }, message);
      },
      onState,
      onEncoded: (made) => this.answered(() => this.write((transaction) => storeMadeVectors(transaction, made))),
    };
    const result = await runTraining({ ...request, tokenizerFrom }, events, this.signal);
    this.signal.throwIfAborted();
    return { request, result };
  }

  private async waitForRoom(jobDir: string, cause: string): Promise<void> {
    const reason = `${jobDir}: expected a disk with room, got ${cause}; make room, then the training goes on by itself`;
    this.warn(`The training waits. ${reason}`);
    this.progress.wait(reason);
    await setTimeout(ROOM_PAUSE_MS, undefined, { signal: this.signal });
    await untilAnswered(() => tryRoom(jobDir), { onFault: () => undefined, signal: this.signal });
  }

  private async store(request: TrainRequest, result: TrainResult): Promise<ModelVersion> {
    const checkpointDir = checkpointKey(this.name, `checkpoint-${this.lease.fence}`);
    await this.answered(() => this.parts.store.save(checkpointDir, result.checkpointDir));
    const database = {
      read: <T>(work: (client: Transaction) => Promise<T>) => this.answered(() => work(this.database.read)),
      write: async <T>(work: (transaction: Transaction) => Promise<T>) => {
        this.signal.throwIfAborted();
        return this.answered(() => this.write(work));
      },
    };
    return storeTrainingResult(database, this.job, request, { ...result, checkpointDir });
  }

  /** @returns Why the version is not active; null when it is. It is stored by now: a failure here does not undo the training. */
  private async activate({ id }: ModelVersion): Promise<string | null> {
    const holder = {
      models: this.parts.models,
      read: this.database.read,
      hold: (transaction: Transaction) => this.hold(transaction),
      write: <T>(work: (transaction: Transaction) => Promise<T>) => this.write(work),
    };
    try {
      return await this.answered(() => askAgain(() => activateIfBetter(id, holder, this.job.onlyWhenClearlyBetter)));
    } catch (error) {
      this.signal.throwIfAborted();
      if (error instanceof LeaseLostError) throw error;
      this.logFailure(error);
      return `The version is trained, but could not be activated: ${messageOf(error)}`;
    }
  }

  private async end({ status, error, version }: Outcome): Promise<void> {
    const data = {
      status,
      error,
      finishedAt: new Date(),
      snapshot: Prisma.DbNull,
      ...(version !== null && { progress: this.doneProgress(version) as object }),
    };
    await this.progress.settled(); // the end comes last
    const store = async (transaction: Transaction) => {
      await changeJob(transaction, this.jobId, data);
      await endLease(transaction, this.lease.name);
    };
    await this.answered(() => this.write(store));
    this.say(JOB_ENDED, { status, ...(version !== null && { modelVersion: version.number }) });
  }

  private doneProgress(version: ModelVersion): TrainingProgressRecord {
    const { metrics } = modelVersionRecord(version);
    const warnings = [...this.progress.warnings];
    const done = { jobId: this.jobId, ...bareProgress('DONE', 1, 1), metrics, secondsLeft: 0 };
    return warnings.length === 0 ? done : { ...done, warnings };
  }

  private get signal(): AbortSignal {
    return this.abort.signal;
  }

  /** Repeats the work until the database, the checkpoint store and the disk answer. @throws {AbortError} When the job is stopped. */
  private answered<T>(work: () => Promise<T>): Promise<T> {
    const onFault = (error: unknown) => {
      this.noteFault(error);
      if (isStoreFault(error) || isDiskFault(error)) this.progress.wait(messageOf(error));
    };
    return untilAnswered(work, { onFault, signal: this.signal });
  }

  /** @throws {LeaseLostError} When the lease is another's. Then nothing is written. */
  private write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.database.write(async (transaction) => {
      await this.hold(transaction);
      return work(transaction);
    });
  }

  private hold(transaction: Transaction): Promise<void> {
    return holdLease(transaction, this.lease, this.parts.times ?? LEASE_TIMES);
  }

  /** Logs a fault that the job goes on after, unless it has lost its lease. */
  private readonly noteFault = (error: unknown): void => {
    if (error instanceof LeaseLostError) this.lose();
    else if (!this.signal.aborted) this.parts.logger.warn({ err: error, jobId: this.jobId }, NO_ANSWER);
  };

  private lose(): void {
    if (!this.signal.aborted) this.warn('The job was cancelled, or another process has taken it over.');
    this.stop();
  }

  private logFailure(error: unknown): void {
    const level = this.parts.isRowShown ? 'debug' : 'error';
    this.parts.logger[level]({ jobId: this.jobId, err: error }, 'The training failed.');
  }

  private warn(message: string): void {
    this.parts.logger.warn({ jobId: this.jobId }, message);
  }

  private say(message: string, end: { readonly status?: TrainingStatus; readonly modelVersion?: number } = {}): void {
    this.parts.logger.info({ jobId: this.jobId, preset: this.job.preset, ...end }, message);
  }
}

const NO_ANSWER = 'The database or the checkpoint store does not answer the training. It tries again.';

async function tryRoom(dir: string): Promise<void> {
  const path = join(dir, `.room-${randomUUID()}`);
  try {
    await writeFile(path, Buffer.alloc(ROOM_BYTES));
  } finally {
    await rm(path, { force: true });
  }
}
