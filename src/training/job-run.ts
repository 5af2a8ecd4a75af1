/** One training job, run by the process that holds its lease: from its data to the outcome in its row. */
import type { ModelVersionRecord } from '../../graphql/model-version/records';
import type { TrainingProgressRecord, TrainingStatus } from '../../graphql/training/records';
import { bareProgress } from '../../models/training/fit-input';
import { Prisma, type TrainingJob } from '../../prisma/generated/sqlite/client';
import { messageOf } from '../message-of';
import { endLease, LeaseLostError } from '../storage/leases';
import { modelVersionRecord } from '../storage/records';
import { askAgain } from '../workers/spawn-worker';
import { activateIfBetter, type ActivateIfBetterParts } from './activate-if-better';
import { changeJob } from './change-job';
import { HeldJob, type HeldJobParts } from './held-job';
import { JobTraining, type JobTrainingParts } from './job-training';
import type { ModelStore } from './model-store';
import type { ProgressEvents } from './progress-events';

/** A job's beginning or end, as the log names it. */
export interface JobNews {
  readonly jobId: number;
  readonly preset: string;
  /** Absent: it begins, or goes on. */
  readonly status?: TrainingStatus;
  /** The number of the version that it has left. */
  readonly modelVersion?: number;
}

export interface JobRunParts extends HeldJobParts, JobTrainingParts {
  readonly models: Pick<ModelStore, 'rival' | 'activate'>;
  readonly events: Pick<ProgressEvents, 'put' | 'takeWaiting'>;
  /** Called with the whole error of a job that failed; the job's row has only the message. */
  readonly onFailure: (jobId: number, error: unknown) => void;
  /** Called when this process begins a job, goes on with one, or ends one. */
  readonly onNews: (job: JobNews, message: string) => void;
  /** Called when the database or the disk does not answer. What was asked of it is tried again. */
  readonly onFault: (error: unknown) => void;
}

export const JOB_ENDED = 'The training has ended.';

interface Outcome {
  readonly status: Extract<TrainingStatus, 'SUCCEEDED' | 'FAILED'>;
  readonly error: string | null;
  /** Absent: the last progress that was reported. */
  readonly progress?: TrainingProgressRecord;
  readonly modelVersion?: number;
}

export class JobRun {
  private readonly held: HeldJob;

  /** @param abort - Stops it, for a `StopReason`. The run aborts it itself when it has lost the lease. */
  constructor(
    private readonly job: TrainingJob,
    private readonly parts: JobRunParts,
    abort: AbortController,
  ) {
    this.held = new HeldJob(job, parts, abort);
  }

  /** Resolves when the job has ended or is stopped. */
  async toTheEnd(): Promise<void> {
    const { held } = this;
    const kept = held.keepLease();
    this.tell(held.lease.fence === 1 ? 'The training begins.' : 'The training goes on in this process.');
    try {
      const outcome = await this.outcome();
      kept.dispose(); // the write that ends the job holds the lease itself, and then ends it, which is no loss
      if (outcome !== null) await this.end(outcome);
    } catch (error) {
      if (error instanceof LeaseLostError) held.onLost();
      else if (!held.signal.aborted) throw error;
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
      const version = modelVersionRecord(await new JobTraining(this.held, this.parts).run());
      const problem = this.job.activateWhenBetter ? await this.activationProblem(version) : null;
      return {
        status: 'SUCCEEDED',
        error: problem,
        progress: this.doneProgress(version),
        modelVersion: version.number,
      };
    } catch (error) {
      if (this.held.signal.aborted) return null;
      if (error instanceof LeaseLostError) throw error;
      this.parts.onFailure(this.job.id, error);
      return { status: 'FAILED', error: messageOf(error) };
    }
  }

  private doneProgress({ metrics }: ModelVersionRecord): TrainingProgressRecord {
    const { warnings: told } = this.held;
    const warnings = told.size === 0 ? {} : { warnings: [...told] };
    return { jobId: this.job.id, ...bareProgress('DONE', 1, 1), metrics, secondsLeft: 0, ...warnings };
  }

  /** The version is stored by now: a failure of its activation does not undo the training. */
  private async activationProblem(version: ModelVersionRecord): Promise<string | null> {
    const { held } = this;
    const parts: ActivateIfBetterParts = {
      models: this.parts.models,
      read: held.database.read,
      hold: (transaction) => held.hold(transaction),
      write: (work) => held.write(work),
    };
    try {
      return await held.answered(() => askAgain(() => activateIfBetter(version.id, parts)));
    } catch (error) {
      held.signal.throwIfAborted();
      if (error instanceof LeaseLostError) throw error;
      this.parts.onFailure(this.job.id, error);
      return `The version is trained, but could not be activated: ${messageOf(error)}`;
    }
  }

  private async end({ status, error, progress, modelVersion }: Outcome): Promise<void> {
    const { held } = this;
    const data = {
      status,
      error,
      finishedAt: new Date(),
      progress: progress as object | undefined,
      snapshot: Prisma.DbNull,
    };
    await held.reporter.settled(); // the end is told last
    const earlier = this.parts.events.takeWaiting();
    const store = () =>
      held.write(async (transaction) => {
        await changeJob(transaction, this.job.id, data, earlier);
        await endLease(transaction, held.lease.name);
      });
    try {
      await held.answered(store);
    } catch (error) {
      if (!(error instanceof LeaseLostError) || !(await this.hasEndedAt(data.finishedAt))) throw error;
    }
    this.tell(JOB_ENDED, { status, modelVersion });
  }

  /** @returns Whether the row has this run's end: it was stored although the database's answer was lost. */
  private async hasEndedAt(time: Date): Promise<boolean> {
    const { read } = this.held.database;
    const row = await this.held.answered(() => read.trainingJob.findUnique({ where: { id: this.job.id } }));
    return row?.finishedAt?.getTime() === time.getTime();
  }
}
