/** The training jobs of the API: start, read and cancel them. A job is first stored, then the queue of some process runs it. */
import { userError } from '../../graphql/common/errors';
import { toGlobalId } from '../../graphql/common/global-id';
import type { Page, PageArgs, UserErrorRecord } from '../../graphql/common/records';
import type { TrainingJobs as TrainingJobsPort } from '../../graphql/context';
import type { StartTrainingInput } from '../../graphql/training/inputs';
import type {
  MetricPointRecord,
  StepRange,
  PresetRecord,
  TrainingJobRecord,
  TrainingProgressRecord,
  TrainingStatus,
} from '../../graphql/training/records';
import type { TrainingPayload } from '../../graphql/training/types';
import { describePresets, presetConfig, withCodebooks } from '../../models/config';
import { KIND_RULES, type KindRules } from '../../models/data/kinds';
import { findActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { idCursorsOf, newestFirst, pageOf } from '../storage/cursor-pages';
import type { Database } from '../storage/database';
import { lastProgressEventId } from '../storage/last-ids';
import { endLease } from '../storage/leases';
import { progressRecord, trainingJobRecord, WITH_MODEL_VERSION } from '../storage/records';
import { readThinnedCurve } from '../storage/sql-reads';
import { changeJob, leaseName, storeJob, UNFINISHED } from './job-row';
import { progressPageAfter } from './progress-events';
import { TrainingQueue, type TrainingQueueParts } from './training-queue';
import { JOB_ENDED } from './training-run';

export type StartArgs = Omit<StartTrainingInput, 'onlyWhenClearlyBetter'> & Partial<StartTrainingInput>;

export interface UnfinishedJob extends TrainingJobRecord {
  readonly activateWhenBetter: boolean;
}

/** More items than any shop has. */
const MANY_ITEMS = 10_000_000;

const JOB_CURSORS = idCursorsOf('trainingJobs');
const DEFAULT_SEED = 1;

export class TrainingJobs implements TrainingJobsPort {
  private readonly database: Database;
  private readonly queue: TrainingQueue;

  /** @param trains - Whether this process runs jobs; otherwise others must. */
  constructor(
    private readonly parts: TrainingQueueParts,
    private readonly trains = true,
    private readonly kinds: KindRules = KIND_RULES,
  ) {
    this.database = parts.services.database;
    this.queue = new TrainingQueue(parts);
  }

  async job(id: number): Promise<TrainingJobRecord | null> {
    const row = await this.database.read.trainingJob.findUnique({ where: { id }, include: WITH_MODEL_VERSION });
    return row && trainingJobRecord(row);
  }

  /** Newest first. */
  async jobs(page: PageArgs, status: TrainingStatus | null): Promise<Page<TrainingJobRecord>> {
    const { where, ...order } = newestFirst(page, JOB_CURSORS);
    const rows = await this.database.read.trainingJob.findMany({
      ...order,
      where: { ...where, ...(status !== null && { status }) },
      include: WITH_MODEL_VERSION,
    });
    return pageOf(rows, page.first, JOB_CURSORS, trainingJobRecord);
  }

  /** @returns The jobs that wait or run, oldest first. */
  async unfinished(): Promise<UnfinishedJob[]> {
    const where = { status: { in: UNFINISHED } };
    const rows = await this.database.read.trainingJob.findMany({
      where,
      orderBy: { id: 'asc' },
      include: WITH_MODEL_VERSION,
    });
    return rows.map((row) => ({ ...trainingJobRecord(row), activateWhenBetter: row.activateWhenBetter }));
  }

  async progress(jobId: number | null): Promise<TrainingProgressRecord[]> {
    const event = await this.newestEvent(); // read first: events that come meanwhile are published after the states
    const rows = await this.database.read.trainingJob.findMany({
      where: jobId === null ? { status: 'RUNNING' } : { id: jobId },
      orderBy: { id: 'asc' },
      select: { progress: true },
    });
    const states = rows.flatMap(({ progress }) => (progress === null ? [] : progressRecord(progress)));
    return states.map((state, i) => (i === states.length - 1 ? { ...state, event } : state));
  }

  progressAfter(event: number, jobId: number | null): Promise<TrainingProgressRecord[]> {
    return progressPageAfter(this.database.read, event, jobId);
  }

  newestEvent(): Promise<number> {
    return lastProgressEventId(this.database.read);
  }

  /** @returns At most `points` of the stored points, with the last one. */
  curve(jobId: number, metric: string, points: number, range: StepRange = {}): Promise<MetricPointRecord[]> {
    return readThinnedCurve(this.database.read, jobId, metric, range, points);
  }

  presets(): PresetRecord[] {
    return describePresets().map(({ maxItems, ...preset }) => ({
      ...preset,
      maxItems: maxItems > MANY_ITEMS ? null : maxItems,
    }));
  }

  async start({ preset, seed, reuseTokenizer, ...activation }: StartArgs): Promise<TrainingPayload> {
    const { read } = this.database;
    const tokenizer = reuseTokenizer ? await findActiveTokenizer(read) : null;
    if (reuseTokenizer && tokenizer === null) return NOTHING_TO_REUSE;
    const numItems = await read.item.count();
    const ofPreset = presetConfig(preset, { seed: seed ?? DEFAULT_SEED, numItems, kinds: this.kinds });
    const config = tokenizer === null ? ofPreset : withCodebooks(ofPreset, tokenizer);
    const tokenizerId = tokenizer?.id ?? null;
    const row = await this.database.write((transaction) =>
      storeJob(transaction, { preset, config, tokenizerId, ...activation }),
    );
    if (row === null)
      return refused('INVALID', 'catalogue: expected items and interactions to train on, got none; add some first');
    if (this.trains) this.queue.wake();
    return { job: trainingJobRecord(row), userErrors: [] };
  }

  /**
   * Ends a job that waits or runs, whichever process runs it: from now on nothing can be written for it. Resolves when it has
   * stopped, if it runs here; another process stops it when it next prolongs its lease.
   */
  async cancel(id: number): Promise<TrainingPayload> {
    const isCancelled = await this.database.write(async (transaction) => {
      await endLease(transaction, leaseName(id));
      const job = await transaction.trainingJob.findFirst({ where: { id, status: { in: UNFINISHED } } });
      if (job !== null) await changeJob(transaction, id, { status: 'CANCELLED', finishedAt: new Date() });
      return job !== null;
    });
    if (isCancelled) {
      await this.queue.stop(id);
      void this.queue.sweep();
    }
    const job = await this.job(id);
    if (isCancelled) this.parts.logger.info({ jobId: id, preset: job!.preset, status: 'CANCELLED' }, JOB_ENDED);
    if (job === null)
      return refused(
        'NOT_FOUND',
        `jobId: expected a training job, got ${toGlobalId('TrainingJob', id)}; trainingJobs lists them`,
        'jobId',
      );
    if (job.status === 'CANCELLED') return { job, userErrors: [] };
    return refused(
      'NOT_RUNNING',
      `jobId: expected a job that waits or runs, got one that is ${job.status}; nothing is left to cancel`,
      'jobId',
    );
  }

  /** From now on this process also runs the jobs that wait, and those that other processes have left. */
  async resume(): Promise<void> {
    if (!this.trains) return;
    void this.queue.sweep(); // nobody waits for a store that may hang
    this.queue.watch();
  }

  /** Resolves when no job waits or runs. */
  idle(): Promise<void> {
    return this.queue.idle();
  }

  /** Stops the running job, which goes on in another process, or at the next start. */
  dispose(): Promise<void> {
    return this.queue.dispose();
  }
}

function refused(code: UserErrorRecord['code'], message: string, ...field: string[]): TrainingPayload {
  return { job: null, userErrors: [userError(code, message, ...field)] };
}

const NOTHING_TO_REUSE = refused(
  'NO_LIVE_MODEL',
  'reuseTokenizer: expected an active model version, got none; leave it out',
  'reuseTokenizer',
);
