/** The training jobs of the API: start, read and cancel them. A job is first stored, then the queue runs it. */
import { randomBytes } from 'node:crypto';

import type { Page, PageArgs, UserErrorRecord } from '../../graphql/common/records';
import { userError } from '../../graphql/common/user-errors';
import type { TrainingJobs as TrainingJobsPort } from '../../graphql/context';
import type {
  MetricPointRecord,
  TrainingJobRecord,
  TrainingProgressRecord,
  TrainingStatus,
} from '../../graphql/training/records';
import { isPresetName, PRESET_NAMES, presetConfig, type TigerConfig } from '../../models/config';
import type { Prisma } from '../../prisma/generated/sqlite/client';
import { findLiveTokenizer, type LiveTokenizer } from '../semantic-ids/live-tokenizer';
import { currentVersion } from '../storage/change-log';
import type { Database, Transaction } from '../storage/database';
import { decodeCursor, ID_CURSOR, pageOf } from '../storage/pages';
import { trainingJobRecord, WITH_MODEL_VERSION } from '../storage/records';
import { readThinnedCurve } from '../storage/sql-reads';
import { progressEventsAfter } from './progress-events';
import { TrainingQueue, type TrainingQueueParts } from './training-queue';

export interface StartArgs {
  readonly preset: string;
  readonly seed: number | null;
  readonly reuseTokenizer: boolean;
  readonly activateWhenBetter: boolean;
}

export interface JobPayload {
  readonly job: TrainingJobRecord | null;
  readonly userErrors: readonly UserErrorRecord[];
}

const DEFAULT_SEED = 1;

export class TrainingJobs implements TrainingJobsPort {
  private readonly database: Database;
  private readonly queue: TrainingQueue;

  constructor(parts: TrainingQueueParts) {
    this.database = parts.services.database;
    this.queue = new TrainingQueue(parts);
  }

  async job(id: number): Promise<TrainingJobRecord | null> {
    const row = await this.database.read.trainingJob.findUnique({ where: { id }, include: WITH_MODEL_VERSION });
    return row && trainingJobRecord(row);
  }

  /** Newest first. */
  async jobs({ first, after }: PageArgs, status: TrainingStatus | null): Promise<Page<TrainingJobRecord>> {
    const rows = await this.database.read.trainingJob.findMany({
      where: {
        ...(status !== null && { status }),
        ...(after !== null && { id: { lt: decodeCursor(after, ID_CURSOR) } }),
      },
      orderBy: { id: 'desc' },
      take: first + 1,
      include: WITH_MODEL_VERSION,
    });
    return pageOf(rows, first, (row) => row.id, trainingJobRecord);
  }

  async progress(jobId: number | null): Promise<TrainingProgressRecord[]> {
    const rows = await this.database.read.trainingJob.findMany({
      where: jobId === null ? { status: 'RUNNING' } : { id: jobId },
      orderBy: { id: 'asc' },
      select: { progress: true },
    });
    return rows.flatMap(({ progress }) => (progress as unknown as TrainingProgressRecord | null) ?? []);
  }

  progressAfter(event: number, jobId: number | null): Promise<TrainingProgressRecord[]> {
    return progressEventsAfter(this.database.read, event, jobId);
  }

  /** @returns At most `points` of the stored points, at even distances, with the last one. */
  async curve(jobId: number, metric: string, points: number): Promise<MetricPointRecord[]> {
    const rows = await this.database.read.metricPoint.findMany({
      where: { jobId, metric },
      orderBy: { step: 'asc' },
      take: points + 1,
      select: { step: true, value: true },
    });
    if (rows.length <= points) return rows;
    return readThinnedCurve(this.database.read, jobId, metric, rows[0].step, points);
  }

  async start({ preset, seed, reuseTokenizer, activateWhenBetter }: StartArgs): Promise<JobPayload> {
    if (!isPresetName(preset)) {
      return refused('UNKNOWN_PRESET', `preset: expected one of ${PRESET_NAMES.join(', ')}, got ${preset}`, 'preset');
    }
    const config = presetConfig(preset, seed ?? DEFAULT_SEED);
    const tokenizer = reuseTokenizer ? await findLiveTokenizer(this.database.read) : null;
    const misfit = reuseTokenizer ? misfitOf(config, tokenizer) : null;
    if (misfit !== null) return misfit;
    const row = await this.database.write(async (transaction) => {
      const scope = await presentScope(transaction);
      if (scope.lastItemId === 0 || scope.lastInteractionId === 0) return null;
      return transaction.trainingJob.create({
        data: {
          ...scope,
          key: randomBytes(16).toString('hex'),
          status: 'QUEUED',
          preset,
          config: config as unknown as Prisma.InputJsonObject,
          seed: config.seed,
          reuseTokenizer,
          activateWhenBetter,
          tokenizerId: tokenizer?.id ?? null,
        },
        include: WITH_MODEL_VERSION,
      });
    });
    if (row === null) return refused('INVALID', 'catalogue: expected items and interactions to train on, got none');
    this.queue.wake();
    return { job: trainingJobRecord(row), userErrors: [] };
  }

  /** Resolves when the job has stopped. */
  async cancel(id: number): Promise<JobPayload> {
    const waiting = await this.database.write((transaction) =>
      transaction.trainingJob.updateMany({
        where: { id, status: 'QUEUED' },
        data: { status: 'CANCELLED', finishedAt: new Date() },
      }),
    );
    if (waiting.count === 0) await this.queue.cancel(id);
    else await this.queue.sweep(); // it may have run before the process started
    const job = await this.job(id);
    if (job === null) return refused('NOT_FOUND', `jobId: expected a training job, got ${id}`, 'jobId');
    if (job.status === 'CANCELLED') return { job, userErrors: [] };
    return refused('NOT_RUNNING', `jobId: expected a job that waits or runs, got one that is ${job.status}`, 'jobId');
  }

  /** Call it when the process starts: jobs that ran when the last process ended go on, and waiting ones are run. */
  async resume(): Promise<void> {
    await this.database.write((transaction) =>
      transaction.trainingJob.updateMany({ where: { status: 'RUNNING' }, data: { status: 'QUEUED' } }),
    );
    await this.queue.sweep();
    this.queue.wake();
  }

  /** Resolves when no job waits or runs. */
  idle(): Promise<void> {
    return this.queue.idle();
  }

  /** Stops the running job, which goes on at the next start. */
  dispose(): Promise<void> {
    return this.queue.dispose();
  }
}

/** @returns Why the live tokenizer cannot be reused; null when it can. */
function misfitOf({ tokenizer: wanted }: TigerConfig, live: LiveTokenizer | null): JobPayload | null {
  if (live === null) {
    return refused('NO_LIVE_MODEL', 'reuseTokenizer: expected an active model version, got none', 'reuseTokenizer');
  }
  if (live.numLevels === wanted.numLevels && live.codebookSize === wanted.codebookSize) return null;
  const sizes = (levels: number, codes: number) => `${levels} levels of ${codes} codes`;
  const expected = sizes(wanted.numLevels, wanted.codebookSize);
  const got = sizes(live.numLevels, live.codebookSize);
  return refused('INVALID', `reuseTokenizer: expected a live tokenizer of ${expected}, got ${got}`, 'reuseTokenizer');
}

/** The last rows of a job that is started now: it trains on everything up to them. */
async function presentScope(transaction: Transaction) {
  const items = await transaction.item.aggregate({ _max: { id: true } });
  const interactions = await transaction.interaction.aggregate({ _max: { id: true } });
  return {
    lastItemId: items._max.id ?? 0,
    lastInteractionId: interactions._max.id ?? 0,
    catalogueVersion: await currentVersion(transaction),
  };
}

function refused(code: UserErrorRecord['code'], message: string, ...field: string[]): JobPayload {
  return { job: null, userErrors: [userError(code, message, ...field)] };
}
