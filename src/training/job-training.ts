/** Trains the model of a job in this process, from its data to the stored version. */
import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import type { FitProgress } from '../../models/training/fit-input';
import type { ModelVersion, TrainingJob } from '../../prisma/generated/sqlite/client';
import type { CheckpointStore } from '../checkpoints/checkpoint-store';
import type { TrainRequest, TrainResult } from '../workers/messages';
import type { HeldJob } from './held-job';
import { checkpointKey, jobName, openWorkFolder, removeWorkFolder, statesFolder } from './job-folders';
import { JobStates, type StoredState } from './job-states';
import { runLasting } from './lasting-run';
import { type ResultStore, storeTrainingResult, type WritePiece } from './training-results';
import type { TrainingEvents } from './training-runner';

export interface JobTrainingParts {
  readonly store: CheckpointStore;
  readonly dataDir: string;
  /** Reads what the job trains on. @throws {DatabaseError} When the database does not answer; it is asked again. */
  readonly readData: (job: TrainingJob, jobDir: string, signal: AbortSignal) => Promise<TrainRequest>;
  /** Rejects when the signal is aborted. The same request later goes on from the state in the job's folder. */
  readonly runTraining: (request: TrainRequest, events: TrainingEvents, signal: AbortSignal) => Promise<TrainResult>;
  /** A message for people that the job's row has too, such as that few codes are used. */
  readonly onReport: (jobId: number, message: string) => void;
  /** Called when the disk does not let go of files. */
  readonly onFault: (error: unknown) => void;
}

interface Trained {
  readonly request: TrainRequest;
  readonly result: TrainResult;
}

export class JobTraining {
  private readonly name: string;

  constructor(
    private readonly held: HeldJob,
    private readonly parts: JobTrainingParts,
  ) {
    this.name = jobName(held.row);
  }

  /** @returns The job's version; at once when the job had left it before its former process ended. */
  async run(): Promise<ModelVersion> {
    const { held, parts } = this;
    const { read } = held.database;
    const left = await held.answered(() => read.modelVersion.findUnique({ where: { trainingJobId: held.row.id } }));
    if (left !== null) return left;
    const jobDir = await this.openFolder();
    try {
      return await this.trainIn(jobDir);
    } finally {
      for (const dir of [jobDir, statesFolder(jobDir)]) await removeWorkFolder(dir, parts.onFault);
    }
  }

  private openFolder(): Promise<string> {
    const { held, parts } = this;
    return held.answered(() => openWorkFolder(parts.dataDir, this.name, held.lease.fence));
  }

  private async trainIn(jobDir: string): Promise<ModelVersion> {
    const { held } = this;
    const states = await this.restoredStates(jobDir);
    const { request, result } = await this.trainLasting(jobDir, states);
    const checkpointDir = checkpointKey(this.name, `checkpoint-${held.lease.fence}`);
    await held.answered(() => this.parts.store.save(checkpointDir, result.checkpointDir));
    await held.reporter.settled();
    const write: WritePiece = async (work) => {
      held.signal.throwIfAborted();
      return held.answered(() => held.write(work));
    };
    const read: ResultStore['read'] = (work) => held.answered(() => work(held.database.read));
    return storeTrainingResult({ read, write }, held.row, request, { ...result, checkpointDir });
  }

  /** The states of the job, the stored one put into its folder. A state that is lost or damaged is as good as none. */
  private async restoredStates(jobDir: string): Promise<JobStates> {
    const { held } = this;
    const states = this.statesFrom((held.row.snapshot ?? {}) as StoredState);
    try {
      await held.answered(() => states.restore(jobDir));
      return states;
    } catch (error) {
      if (!isCheckpointError(error)) throw error;
      held.warn(`Its state cannot be used, so it starts from the beginning: ${error.message}`);
      await this.openFolder();
      return this.statesFrom({});
    }
  }

  private statesFrom(stored: StoredState): JobStates {
    const { held } = this;
    const { store, onFault } = this.parts;
    const storeState = (state: StoredState) =>
      held.write(async ({ trainingJob }) => {
        await trainingJob.update({ where: { id: held.row.id }, data: { snapshot: { ...state }, deaths: 0 } });
      });
    const { fence } = held.lease;
    return new JobStates(stored, { store, jobName: this.name, fence, storeState, onFault, onLost: held.onLost });
  }

  /** Goes on after faults that may pass: see `runLasting`. */
  private async trainLasting(jobDir: string, states: JobStates): Promise<Trained> {
    const { held } = this;
    const onWait = (reason: string) => {
      held.warn(`The training waits. ${reason}`);
      held.reporter.wait(reason);
    };
    const onDeath = ({ message }: Error) =>
      held.warn(`The training goes on from its last state in a new thread. ${message}`);
    const options = { jobDir, onWait, onDeath, signal: held.signal };
    try {
      return await runLasting((onState) => this.trainOnce(jobDir, states, onState), options);
    } finally {
      await Promise.all([held.reporter.settled(), states.settled()]);
    }
  }

  private async trainOnce(jobDir: string, states: JobStates, onState: () => void): Promise<Trained> {
    const { held } = this;
    const { store, readData, runTraining } = this.parts;
    const request = await held.answered(() => readData(held.row, jobDir, held.signal));
    const tokenizerFrom = request.tokenizerFrom && (await held.answered(() => store.open(request.tokenizerFrom!)));
    const events = {
      ...this.reports(),
      onState: (dir: string) => {
        onState();
        states.add(dir);
      },
    };
    const result = await runTraining({ ...request, tokenizerFrom }, events, held.signal);
    held.signal.throwIfAborted();
    return { request, result };
  }

  private reports(): Pick<TrainingEvents, 'onProgress' | 'onWarning'> {
    const { reporter, warnings, row } = this.held;
    return {
      // `DONE` is reported when the version is stored, not when the worker is ready.
      onProgress: (progress: FitProgress) => progress.phase === 'DONE' || reporter.report(progress),
      onWarning: (message) => {
        warnings.add(message);
        this.parts.onReport(row.id, message);
      },
    };
  }
}
