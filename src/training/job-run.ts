/**
 * One training job, run by the process that holds its lease: from its data to the outcome in its row. Whatever the process writes for
 * the job, it writes only while the lease is its own; when it has lost the lease, it stops and leaves the job as it is.
 */
import type { ModelVersionRecord } from '../../graphql/model-version/records';
import type { TrainingProgressRecord, TrainingStatus } from '../../graphql/training/records';
import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import { bareProgress, type FitProgress } from '../../models/training/fit-input';
import { type ModelVersion, Prisma, type TrainingJob } from '../../prisma/generated/sqlite/client';
import type { CatalogueServices } from '../catalogue/catalogue-services';
import type { CheckpointStore } from '../checkpoints/checkpoint-store';
import { messageOf } from '../message-of';
import { endLease, holdLease, keepLease, type Lease, LeaseLostError, type LeaseTimes } from '../storage/leases';
import { modelVersionRecord } from '../storage/records';
import type { Transaction } from '../storage/transaction';
import { isStoreFault, untilAnswered } from '../storage/until-answered';
import { askAgain } from '../workers/ask-again';
import type { TrainRequest, TrainResult } from '../workers/messages';
import { activateIfBetter, type ActivateIfBetterParts } from './activate-if-better';
import { changeJob } from './change-job';
import { checkpointKey, jobName, openWorkFolder, removeWorkFolder, statesFolder } from './job-folders';
import { JobStates, type JobStatesParts, type StoredState } from './job-states';
import { runLasting } from './lasting-run';
import type { ModelStore } from './model-store';
import type { ProgressEvents } from './progress-events';
import { ProgressReporter } from './progress-reporter';
import { storeTrainingResult, type WritePiece } from './training-results';
import type { TrainingEvents } from './training-runner';

/** A job's beginning or end, as the log names it. */
export interface JobNews {
  readonly jobId: number;
  readonly preset: string;
  /** Absent: it begins, or goes on. */
  readonly status?: TrainingStatus;
  /** The number of the version that it has left. */
  readonly modelVersion?: number;
}

export interface JobRunParts {
  readonly services: Pick<CatalogueServices, 'database'>;
  readonly models: Pick<ModelStore, 'rival' | 'activate'>;
  /** Tells the subscribers. */
  readonly events: Pick<ProgressEvents, 'put' | 'takeWaiting'>;
  readonly store: CheckpointStore;
  readonly dataDir: string;
  /** Reads what the job trains on. @throws {DatabaseError} When the database does not answer; it is asked again. */
  readonly readData: (job: TrainingJob, jobDir: string, signal: AbortSignal) => Promise<TrainRequest>;
  /** Rejects when the signal is aborted. The same request later goes on from the state in the job's folder. */
  readonly runTraining: (request: TrainRequest, events: TrainingEvents, signal: AbortSignal) => Promise<TrainResult>;
  /** Called with the whole error of a job that failed; the job's row has only the message. */
  readonly onFailure: (jobId: number, error: unknown) => void;
  /** A message for people, such as that a job found another job's state in its folder. */
  readonly onWarning: (jobId: number, message: string) => void;
  /** A message for people that the job's row has too, such as that few codes are used. */
  readonly onReport: (jobId: number, message: string) => void;
  /** Called when this process begins a job, goes on with one, or ends one. */
  readonly onNews: (job: JobNews, message: string) => void;
  /** Called when the database does not answer. What was asked of it is tried again. */
  readonly onFault: (error: unknown) => void;
  readonly lease: Lease;
  readonly times: LeaseTimes;
}

/** `LOST`: the job was cancelled, or another process has it. `SHUTDOWN`: this process ends. Either way the job's row stays as it is. */
export type StopReason = 'LOST' | 'SHUTDOWN';

export const JOB_ENDED = 'The training has ended.';

interface Outcome {
  readonly status: Extract<TrainingStatus, 'SUCCEEDED' | 'FAILED'>;
  readonly error: string | null;
  /** Absent: the last progress that was reported. */
  readonly progress?: TrainingProgressRecord;
  readonly modelVersion?: number;
}

export class JobRun {
  /** What people should know of the training; a former process may have told some of it. */
  private readonly warnings: Set<string>;
  private readonly reporter: ProgressReporter;

  /** @param abort - Stops it, for a `StopReason`. The run aborts it itself when it has lost the lease. */
  constructor(
    private readonly job: TrainingJob,
    private readonly parts: JobRunParts,
    private readonly abort: AbortController,
  ) {
    const former = job.progress as TrainingProgressRecord | null;
    this.warnings = new Set(former?.warnings);
    const write = (work: (transaction: Transaction) => Promise<void>) => this.write(work);
    const { events, onFault } = parts;
    const publishProgress = (record: TrainingProgressRecord) => events.put(record, parts.lease);
    const { warnings, onLost } = this;
    this.reporter = new ProgressReporter(job.id, { former, write, publishProgress, onFault, warnings, onLost });
  }

  private get signal(): AbortSignal {
    return this.abort.signal;
  }

  private readonly onLost = (): void => {
    if (!this.signal.aborted)
      this.parts.onWarning(this.job.id, 'The job was cancelled, or another process has taken it over.');
    this.abort.abort('LOST' satisfies StopReason);
  };

  /** Resolves when the job has ended or is stopped. */
  async toTheEnd(): Promise<void> {
    const { services, lease, times } = this.parts;
    const kept = keepLease(services.database, lease, { times, onLost: this.onLost });
    this.tell(lease.fence === 1 ? 'The training begins.' : 'The training goes on in this process.');
    try {
      const outcome = await this.outcome();
      kept.dispose(); // the write that ends the job holds the lease itself, and nobody may miss the lease after it
      if (outcome !== null) await this.end(outcome);
    } catch (error) {
      if (error instanceof LeaseLostError) this.onLost();
      else if (!this.signal.aborted) throw error;
    } finally {
      kept.dispose();
    }
  }

  private tell(message: string, end: Partial<JobNews> = {}): void {
    const { id: jobId, preset } = this.job;
    this.parts.onNews({ jobId, preset, ...end }, message);
  }

  /** @returns Null when the run was stopped. */
  private async outcome(): Promise<Outcome | null> {
    try {
      const version = modelVersionRecord(await this.train());
      const problem = this.job.activateWhenBetter ? await this.activationProblem(version) : null;
      return {
        status: 'SUCCEEDED',
        error: problem,
        progress: this.doneProgress(version),
        modelVersion: version.number,
      };
    } catch (error) {
      if (this.signal.aborted) return null;
      if (error instanceof LeaseLostError) throw error;
      this.parts.onFailure(this.job.id, error);
      return { status: 'FAILED', error: messageOf(error) };
    }
  }

  /** @returns The job's version; at once when the job had left it before its former process ended. */
  private async train(): Promise<ModelVersion> {
    const { job } = this;
    const { services } = this.parts;
    const left = () => services.database.read.modelVersion.findUnique({ where: { trainingJobId: job.id } });
    const before = await this.answered(left);
    if (before !== null) return before;
    const { dataDir, lease } = this.parts;
    const jobDir = await this.answered(() => openWorkFolder(dataDir, jobName(job), lease.fence));
    try {
      return await this.trainIn(jobDir);
    } finally {
      for (const dir of [jobDir, statesFolder(jobDir)]) await removeWorkFolder(dir, this.parts.onFault);
    }
  }

  private async trainIn(jobDir: string): Promise<ModelVersion> {
    const { job } = this;
    const { store, lease } = this.parts;
    const states = await this.restoredStates(jobDir);
    const { request, result } = await this.runReported(jobDir, states);
    const checkpointDir = checkpointKey(jobName(job), `checkpoint-${lease.fence}`);
    await this.answered(() => store.save(checkpointDir, result.checkpointDir));
    await this.reporter.settled();
    const write: WritePiece = async (work) => {
      this.signal.throwIfAborted();
      return this.answered(() => this.write(work));
    };
    return storeTrainingResult(write, job, request, { ...result, checkpointDir });
  }

  /** The states of the job, the stored one put into its folder. A state that is lost or damaged is as good as none. */
  private async restoredStates(jobDir: string): Promise<JobStates> {
    const { job } = this;
    const { store, lease, onFault, onWarning } = this.parts;
    const parts: JobStatesParts = {
      store,
      jobName: jobName(job),
      fence: lease.fence,
      storeState: (state) =>
        this.write(async ({ trainingJob }) => {
          await trainingJob.update({ where: { id: job.id }, data: { snapshot: { ...state }, deaths: 0 } });
        }),
      onFault,
      onLost: this.onLost,
    };
    const states = new JobStates((job.snapshot ?? {}) as StoredState, parts);
    try {
      await this.answered(() => states.restore(jobDir));
      return states;
    } catch (error) {
      if (!isCheckpointError(error)) throw error;
      onWarning(job.id, `Its state cannot be used, so it starts from the beginning: ${error.message}`);
      await openWorkFolder(this.parts.dataDir, jobName(job), lease.fence);
      return new JobStates({}, parts);
    }
  }

  private async runReported(
    jobDir: string,
    states: JobStates,
  ): Promise<{ readonly request: TrainRequest; readonly result: TrainResult }> {
    const { onWarning } = this.parts;
    const { reporter } = this;
    const onWait = (reason: string) => {
      onWarning(this.job.id, `The training waits. ${reason}`);
      reporter.wait(reason);
    };
    const onDeath = ({ message }: Error) =>
      onWarning(this.job.id, `The training goes on from its last state in a new thread. ${message}`);
    try {
      return await runLasting((onState) => this.run(jobDir, states, onState), {
        jobDir,
        onWait,
        onDeath,
        signal: this.signal,
      });
    } finally {
      await Promise.all([reporter.settled(), states.settled()]);
    }
  }

  private async run(jobDir: string, states: JobStates, onState: () => void) {
    const { store, readData, runTraining, onReport } = this.parts;
    const request = await this.answered(() => readData(this.job, jobDir, this.signal));
    const tokenizerFrom = request.tokenizerFrom && (await this.answered(() => store.open(request.tokenizerFrom!)));
    // `DONE` is reported when the version is stored, not when the worker is ready.
    const onProgress = (progress: FitProgress) => progress.phase === 'DONE' || this.reporter.report(progress);
    const events: TrainingEvents = {
      onProgress,
      onState: (dir) => {
        onState();
        states.add(dir);
      },
      onWarning: (message) => {
        this.warnings.add(message);
        onReport(this.job.id, message);
      },
    };
    const result = await runTraining({ ...request, tokenizerFrom }, events, this.signal);
    this.signal.throwIfAborted();
    return { request, result };
  }

  private doneProgress({ metrics }: ModelVersionRecord): TrainingProgressRecord {
    const warnings = this.warnings.size === 0 ? {} : { warnings: [...this.warnings] };
    return { jobId: this.job.id, ...bareProgress('DONE', 1, 1), metrics, secondsLeft: 0, ...warnings };
  }

  /** The version is stored by now: a failure of its activation does not undo the training. */
  private async activationProblem(version: ModelVersionRecord): Promise<string | null> {
    try {
      const parts: ActivateIfBetterParts = {
        models: this.parts.models,
        read: this.parts.services.database.read,
        hold: (transaction) => this.hold(transaction),
        write: (work) => this.write(work),
      };
      return await this.answered(() => askAgain(() => activateIfBetter(version.id, parts)));
    } catch (error) {
      this.signal.throwIfAborted();
      if (error instanceof LeaseLostError) throw error;
      this.parts.onFailure(this.job.id, error);
      return `The version is trained, but could not be activated: ${messageOf(error)}`;
    }
  }

  private async end({ status, error, progress, modelVersion }: Outcome): Promise<void> {
    const { id } = this.job;
    const data = {
      status,
      error,
      finishedAt: new Date(),
      progress: progress as object | undefined,
      snapshot: Prisma.DbNull,
    };
    const { events, lease } = this.parts;
    await this.reporter.settled(); // the end is told last
    const earlier = events.takeWaiting();
    const store = () =>
      this.write(async (transaction) => {
        await changeJob(transaction, id, data, earlier);
        await endLease(transaction, lease.name);
      });
    try {
      await this.answered(store);
    } catch (error) {
      if (!(error instanceof LeaseLostError) || !(await this.hasEndedAt(data.finishedAt))) throw error;
    }
    this.tell(JOB_ENDED, { status, modelVersion });
  }

  /** @returns Whether the row has this run's end: it was stored although the database's answer was lost. */
  private async hasEndedAt(time: Date): Promise<boolean> {
    const { read } = this.parts.services.database;
    const row = await this.answered(() => read.trainingJob.findUnique({ where: { id: this.job.id } }));
    return row?.finishedAt?.getTime() === time.getTime();
  }

  /** @throws {LeaseLostError} When the lease is another's. Then nothing is written. */
  private write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.parts.services.database.write(async (transaction) => {
      await this.hold(transaction);
      return work(transaction);
    });
  }

  private hold(transaction: Transaction): Promise<void> {
    return holdLease(transaction, this.parts.lease, this.parts.times);
  }

  private answered<T>(work: () => Promise<T>): Promise<T> {
    const onFault = (error: unknown) => {
      this.parts.onFault(error);
      if (isStoreFault(error)) this.reporter.wait(messageOf(error));
    };
    return untilAnswered(work, { onFault, signal: this.signal });
  }
}
