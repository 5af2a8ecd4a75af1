/** Runs the waiting training jobs, one at a time, and writes the outcome of each into its row. */
import { join } from 'node:path';

import type { ModelVersionRecord, TrainingProgressRecord, TrainingStatus } from '../../graphql/common/records';
import type { TopicHub } from '../../graphql/topics';
import { bareProgress, type FitProgress } from '../../models/training/fit-input';
import type { ModelVersion, TrainingJob } from '../../prisma/generated/sqlite/client';
import type { CatalogueServices } from '../catalogue/catalogue-services';
import { modelVersionRecord } from '../storage/records';
import type { TrainRequest, TrainResult } from '../workers/messages';
import type { ModelStore } from './model-store';
import { ProgressReporter } from './progress-reporter';
import { buildTrainRequest } from './training-data';
import { storeTrainingResult } from './training-results';

export interface TrainingQueueParts {
  readonly services: Pick<CatalogueServices, 'database' | 'itemText'>;
  readonly models: Pick<ModelStore, 'active' | 'activate'>;
  readonly hub: TopicHub;
  /** Each job has a folder of its own below it. */
  readonly jobsDir: string;
  /** Rejects when the signal is aborted; the same request later goes on where it was. */
  readonly runTraining: (
    request: TrainRequest,
    onProgress: (progress: FitProgress) => void,
    signal: AbortSignal,
  ) => Promise<TrainResult>;
  /** A job that failed, with the whole error; its row has only the message. */
  readonly onFailure: (jobId: number, error: unknown) => void;
}

/** `CANCELLED` ends the job; `SHUTDOWN` leaves it to the next start. */
type StopReason = 'CANCELLED' | 'SHUTDOWN';

/** Decides whether a new version is better than the live one. */
const DECIDING_METRIC = 'ndcg@10';

export class TrainingQueue {
  private current: { readonly jobId: number; readonly abort: AbortController; readonly done: Promise<void> } | null =
    null;
  private working: Promise<void> | null = null;
  private hasNews = false;
  private isDisposed = false;

  constructor(private readonly parts: TrainingQueueParts) {}

  /** To be called whenever a job may wait. */
  wake(): void {
    this.hasNews = true;
    if (!this.isDisposed) this.working ??= this.work();
  }

  /** Ends the job if it is running; resolves when it has stopped. */
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
    this.isDisposed = true;
    this.current?.abort.abort('SHUTDOWN' satisfies StopReason);
    await this.idle();
  }

  private async work(): Promise<void> {
    while (this.hasNews && !this.isDisposed) {
      this.hasNews = false;
      for (let job = await this.next(); job !== null; job = await this.next()) await this.run(job);
    }
    // In the same turn as the last look at `hasNews`: whoever wakes later starts anew.
    this.working = null;
  }

  private async next(): Promise<TrainingJob | null> {
    if (this.isDisposed) return null;
    return this.parts.services.database.read.trainingJob.findFirst({
      where: { status: 'QUEUED' },
      orderBy: { id: 'asc' },
    });
  }

  private async run(job: TrainingJob): Promise<void> {
    const abort = new AbortController();
    const done = this.runToEnd(job, abort.signal);
    this.current = { jobId: job.id, abort, done };
    await done;
    this.current = null;
  }

  private async runToEnd(job: TrainingJob, signal: AbortSignal): Promise<void> {
    try {
      if (!(await this.begin(job))) return;
      const version = await this.train(job, signal);
      const problem = job.activateWhenBetter ? await this.activateIfBetter(modelVersionRecord(version)) : null;
      await this.end(job.id, 'SUCCEEDED', problem, doneProgress(job.id, modelVersionRecord(version)));
    } catch (error) {
      if (signal.aborted && signal.reason === 'SHUTDOWN') return;
      if (signal.aborted) return this.end(job.id, 'CANCELLED', null);
      this.parts.onFailure(job.id, error);
      await this.end(job.id, 'FAILED', error instanceof Error ? error.message : String(error));
    }
  }

  /** @returns Whether it is to run: false, when it was cancelled at the last moment. */
  private async begin(job: TrainingJob): Promise<boolean> {
    // A job that goes on shows how far it was until it is further.
    const before = job.progress as unknown as TrainingProgressRecord | null;
    const progress = before ?? { jobId: job.id, ...bareProgress('FEATURES', 0, 1) };
    const data = { status: 'RUNNING', startedAt: job.startedAt ?? new Date(), progress: progress as object };
    const { count } = await this.parts.services.database.write((transaction) =>
      transaction.trainingJob.updateMany({ where: { id: job.id, status: 'QUEUED' }, data }),
    );
    if (count === 1) this.parts.hub.publish('TRAINING_PROGRESS', progress);
    return count === 1;
  }

  /** @returns The version that the job leaves: at once, if it had left it already when the process ended. */
  private async train(job: TrainingJob, signal: AbortSignal): Promise<ModelVersion> {
    const { services, hub, jobsDir, runTraining } = this.parts;
    const { database } = services;
    const left = await database.read.modelVersion.findUnique({ where: { trainingJobId: job.id } });
    if (left !== null) return left;
    const progress = new ProgressReporter(database, hub, job.id);
    const request = await buildTrainRequest(services, job, join(jobsDir, String(job.id)));
    // The worker's own last word is held back: the job is done when its version is stored.
    const report = (event: FitProgress) => event.phase === 'DONE' || progress.report(event);
    try {
      const result = await runTraining(request, report, signal);
      signal.throwIfAborted();
      return await database.write((transaction) => storeTrainingResult(transaction, job, request, result));
    } finally {
      await progress.settled();
    }
  }

  /** @returns Why it could not be activated; null when it could, or is not better. */
  private async activateIfBetter(version: ModelVersionRecord): Promise<string | null> {
    const { models, services } = this.parts;
    if (isBetter(version, await models.active())) {
      const { userErrors } = await models.activate(version.id);
      return userErrors.length === 0 ? null : userErrors.map(({ message }) => message).join('; ');
    }
    await services.database.write((transaction) =>
      transaction.modelVersion.update({ where: { id: version.id }, data: { status: 'REJECTED' } }),
    );
    return null;
  }

  /** Subscribers hear of every end, so that they look at the job's status. */
  private async end(
    jobId: number,
    status: TrainingStatus,
    error: string | null,
    lastProgress?: TrainingProgressRecord,
  ): Promise<void> {
    const row = await this.parts.services.database.write((transaction) =>
      transaction.trainingJob.update({
        where: { id: jobId },
        data: { status, error, finishedAt: new Date(), progress: lastProgress as object | undefined },
      }),
    );
    const progress = row.progress as unknown as TrainingProgressRecord | null;
    if (progress !== null) this.parts.hub.publish('TRAINING_PROGRESS', progress);
  }
}

function doneProgress(jobId: number, { metrics }: ModelVersionRecord): TrainingProgressRecord {
  return { jobId, ...bareProgress('DONE', 1, 1), metrics, secondsLeft: 0 };
}

function isBetter(version: ModelVersionRecord, live: ModelVersionRecord | null): boolean {
  const quality = (of: ModelVersionRecord | null) =>
    of?.metrics.find(({ name }) => name === DECIDING_METRIC)?.value ?? -Infinity;
  // Without a live version, or a figure of it, anything trained is better than nothing.
  return live === null || quality(live) === -Infinity || quality(version) > quality(live);
}
