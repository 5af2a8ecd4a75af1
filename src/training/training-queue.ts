/** Runs the waiting training jobs, one at a time, and writes the outcome of each into its row. */
import type { ModelVersionRecord } from '../../graphql/model-version/records';
import type { TopicHub } from '../../graphql/topics';
import type { TrainingProgressRecord, TrainingStatus } from '../../graphql/training/records';
import { bareProgress, type FitProgress } from '../../models/training/fit-input';
import type { ModelVersion, TrainingJob } from '../../prisma/generated/sqlite/client';
import type { CatalogueServices } from '../catalogue/catalogue-services';
import { modelVersionRecord } from '../storage/records';
import { untilAnswered } from '../storage/until-answered';
import type { TrainRequest, TrainResult } from '../workers/messages';
import { claimJobFolder, jobFolder, sweepJobFolders } from './job-folders';
import type { ModelStore } from './model-store';
import { ProgressReporter } from './progress-reporter';
import { buildTrainRequest } from './training-data';
import { storeTrainingResult } from './training-results';

export interface TrainingQueueParts {
  readonly services: Pick<CatalogueServices, 'database' | 'itemText'>;
  readonly models: Pick<ModelStore, 'active' | 'activate' | 'restore'>;
  readonly hub: TopicHub;
  /** Each job has a folder of its own in it. */
  readonly jobsDir: string;
  /** Rejects when the signal is aborted. The same request later goes on from the state in the job's folder. */
  readonly runTraining: (
    request: TrainRequest,
    onProgress: (progress: FitProgress) => void,
    signal: AbortSignal,
  ) => Promise<TrainResult>;
  /** Called with the whole error of a job that failed; the job's row has only the message. */
  readonly onFailure: (jobId: number, error: unknown) => void;
  /** A message for people, such as that a job found another job's state in its folder. */
  readonly onWarning: (jobId: number, message: string) => void;
  /** Called when the database does not answer. What was asked of it is tried again. */
  readonly onFault: (error: unknown) => void;
}

/** `CANCELLED` ends the job; after `SHUTDOWN` it goes on at the next start. */
type StopReason = 'CANCELLED' | 'SHUTDOWN';

interface Outcome {
  readonly status: Extract<TrainingStatus, 'SUCCEEDED' | 'FAILED' | 'CANCELLED'>;
  readonly error: string | null;
  /** Absent: the last progress that was reported. */
  readonly progress?: TrainingProgressRecord;
}

/** Decides whether a new version is better than the live one. */
const DECIDING_METRIC = 'ndcg@10';

export class TrainingQueue {
  private current: { readonly jobId: number; readonly abort: AbortController; readonly done: Promise<void> } | null =
    null;
  private working: Promise<void> | null = null;
  private hasNews = false;
  private readonly shutdown = new AbortController();

  constructor(private readonly parts: TrainingQueueParts) {}

  /** Call it whenever a job may wait. */
  wake(): void {
    this.hasNews = true;
    if (!this.isDisposed) this.working ??= this.work();
  }

  /** Ends the job if it is running. Resolves when it has stopped. */
  async cancel(jobId: number): Promise<void> {
    if (this.current?.jobId !== jobId) return;
    this.current.abort.abort('CANCELLED' satisfies StopReason);
    await this.current.done;
  }

  /** Resolves when no job waits or runs. */
  async idle(): Promise<void> {
    while (this.working !== null) await this.working;
  }

  /** Stops the running job, which goes on at the next start. */
  async dispose(): Promise<void> {
    this.shutdown.abort('SHUTDOWN' satisfies StopReason);
    this.current?.abort.abort('SHUTDOWN' satisfies StopReason);
    await this.idle();
  }

  /** Removes the files that no job needs any more. Never rejects: the next sweep tries again. */
  async sweep(): Promise<void> {
    const { services, jobsDir, onFault } = this.parts;
    await sweepJobFolders(services.database.read, jobsDir).catch(onFault);
  }

  private get isDisposed(): boolean {
    return this.shutdown.signal.aborted;
  }

  /** Never rejects: nobody may be waiting for it. */
  private async work(): Promise<void> {
    while (this.hasNews && !this.isDisposed) {
      this.hasNews = false;
      try {
        for (let job = await this.next(); job !== null; job = await this.next()) await this.run(job);
      } catch (error) {
        if (!this.isDisposed) this.parts.onFault(error);
      }
    }
    // No `await` between the last look at `hasNews` and this line: a later `wake` starts anew.
    this.working = null;
  }

  private async next(): Promise<TrainingJob | null> {
    if (this.isDisposed) return null;
    const { trainingJob } = this.parts.services.database.read;
    const find = () => trainingJob.findFirst({ where: { status: 'QUEUED' }, orderBy: { id: 'asc' } });
    return this.answered(find, this.shutdown.signal);
  }

  private async run(job: TrainingJob): Promise<void> {
    const abort = new AbortController();
    const done = this.runToEnd(job, abort.signal);
    this.current = { jobId: job.id, abort, done };
    try {
      await done;
    } finally {
      this.current = null;
    }
  }

  private async runToEnd(job: TrainingJob, signal: AbortSignal): Promise<void> {
    if (!(await this.begin(job))) return;
    const outcome = await this.outcomeOf(job, signal);
    if (outcome === null) return;
    await this.end(job.id, outcome);
    await this.sweep();
  }

  /** @returns Whether the job runs now; false when it was cancelled just before. */
  private async begin(job: TrainingJob): Promise<boolean> {
    // A job that goes on shows its former progress until it has more.
    const before = job.progress as unknown as TrainingProgressRecord | null;
    const progress = before ?? { jobId: job.id, ...bareProgress('FEATURES', 0, 1) };
    const data = { status: 'RUNNING', startedAt: job.startedAt ?? new Date(), progress: progress as object };
    const { database } = this.parts.services;
    const start = () =>
      database.write(({ trainingJob }) => trainingJob.updateMany({ where: { id: job.id, status: 'QUEUED' }, data }));
    const { count } = await this.answered(start, this.shutdown.signal);
    if (count === 1) this.parts.hub.publish('TRAINING_PROGRESS', progress);
    return count === 1;
  }

  /** @returns Null when the process stops: the job goes on at the next start. */
  private async outcomeOf(job: TrainingJob, signal: AbortSignal): Promise<Outcome | null> {
    try {
      const version = modelVersionRecord(await this.train(job, signal));
      const activate = () => this.activateIfBetter(version);
      const problem = job.activateWhenBetter
        ? await this.problemOf(this.answered(activate, signal), job.id, signal)
        : null;
      return { status: 'SUCCEEDED', error: problem, progress: doneProgress(job.id, version) };
    } catch (error) {
      if (signal.aborted && signal.reason === 'SHUTDOWN') return null;
      if (signal.aborted) return { status: 'CANCELLED', error: null };
      this.parts.onFailure(job.id, error);
      return { status: 'FAILED', error: error instanceof Error ? error.message : String(error) };
    }
  }

  /** @returns The job's version; at once when the job had left it before the process ended. */
  private async train(job: TrainingJob, signal: AbortSignal): Promise<ModelVersion> {
    const { services } = this.parts;
    const left = () => services.database.read.modelVersion.findUnique({ where: { trainingJobId: job.id } });
    const before = await this.answered(left, signal);
    if (before !== null) return before;
    const jobDir = await this.answered(() => this.claimFolder(job), signal);
    const request = await this.answered(() => buildTrainRequest(services, job, jobDir), signal);
    const result = await this.runReported(job.id, request, signal);
    // An attempt may have stored it although its answer was lost.
    const store = async () =>
      (await left()) ??
      services.database.write((transaction) => storeTrainingResult(transaction, job, request, result));
    return this.answered(store, signal);
  }

  private async claimFolder(job: TrainingJob): Promise<string> {
    const { services, jobsDir, onWarning } = this.parts;
    const jobDir = jobFolder(jobsDir, job);
    const aside = await claimJobFolder(services.database.read, jobDir, job);
    if (aside !== null)
      onWarning(
        job.id,
        `Its folder had the state of something else, which is now ${aside}. It starts from the beginning.`,
      );
    return jobDir;
  }

  private async runReported(jobId: number, request: TrainRequest, signal: AbortSignal): Promise<TrainResult> {
    const { services, hub, runTraining, onFault } = this.parts;
    const reporter = new ProgressReporter(jobId, { database: services.database, hub, onFault });
    // `DONE` is reported when the version is stored, not when the worker is ready.
    const report = (progress: FitProgress) => progress.phase === 'DONE' || reporter.report(progress);
    try {
      const result = await runTraining(request, report, signal);
      signal.throwIfAborted();
      return result;
    } finally {
      await reporter.settled();
    }
  }

  /** The version is stored by now: a failure of its activation does not undo the training. */
  private async problemOf(
    activation: Promise<string | null>,
    jobId: number,
    signal: AbortSignal,
  ): Promise<string | null> {
    try {
      return await activation;
    } catch (error) {
      signal.throwIfAborted();
      this.parts.onFailure(jobId, error);
      return `The version is trained, but could not be activated: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  /** @returns Why it could not be activated; null when it could, or is not better. */
  private async activateIfBetter(version: ModelVersionRecord): Promise<string | null> {
    const { models, services } = this.parts;
    // A version that cannot be loaded counts as none: else an equal one could never replace it.
    const live = (await models.active()) ?? (await models.restore()).modelVersion;
    if (live?.id === version.id && live.status === 'ACTIVE') return null; // by an earlier attempt, or before the process ended
    if (isBetter(version, live)) {
      const { userErrors } = await models.activate(version.id);
      return userErrors.length === 0 ? null : userErrors.map(({ message }) => message).join('; ');
    }
    await services.database.write((transaction) =>
      transaction.modelVersion.update({ where: { id: version.id }, data: { status: 'REJECTED' } }),
    );
    return null;
  }

  /** Publishes a progress for every outcome, so that subscribers look at the job's status. */
  private async end(jobId: number, { status, error, progress }: Outcome): Promise<void> {
    const data = { status, error, finishedAt: new Date(), progress: progress as object | undefined };
    const { database } = this.parts.services;
    const store = () => database.write(({ trainingJob }) => trainingJob.update({ where: { id: jobId }, data }));
    const row = await this.answered(store, this.shutdown.signal);
    const last = row.progress as unknown as TrainingProgressRecord | null;
    if (last !== null) this.parts.hub.publish('TRAINING_PROGRESS', last);
  }

  private answered<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return untilAnswered(work, { onFault: this.parts.onFault, signal });
  }
}

function doneProgress(jobId: number, { metrics }: ModelVersionRecord): TrainingProgressRecord {
  return { jobId, ...bareProgress('DONE', 1, 1), metrics, secondsLeft: 0 };
}

function isBetter(version: ModelVersionRecord, live: ModelVersionRecord | null): boolean {
  const quality = (of: ModelVersionRecord | null) =>
    of?.metrics.find(({ name }) => name === DECIDING_METRIC)?.value ?? -Infinity;
  // Any trained version is better than none, and than a live one without a figure.
  return live === null || quality(live) === -Infinity || quality(version) > quality(live);
}
