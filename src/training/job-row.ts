/** The row of a training job: how it is requested, and how its status changes. */
import { randomBytes } from 'node:crypto';

import type { TrainingProgressRecord } from '../../graphql/training/records';
import type { TigerConfig } from '../../models/config';
import { bareProgress } from '../../models/training/fit-input';
import type { Prisma, TrainingJob } from '../../prisma/generated/sqlite/client';
import { currentVersion } from '../storage/change-log-reads';
import { lastInteractionId, lastItemId } from '../storage/last-ids';
import { progressRecord, WITH_MODEL_VERSION } from '../storage/records';
import type { Transaction } from '../storage/transaction';
import { storeEvents } from './progress-events';

/** The statuses of jobs that are not at their end. */
export const UNFINISHED = ['QUEUED', 'RUNNING'];

export interface NewJob {
  readonly preset: string;
  readonly config: TigerConfig;
  /** The tokenizer that it reuses; null: it learns its own. */
  readonly tokenizerId: number | null;
  readonly activateWhenBetter: boolean;
  readonly onlyWhenClearlyBetter?: boolean;
}

export type StoredJob = Prisma.TrainingJobGetPayload<{ include: typeof WITH_MODEL_VERSION }>;

/**
 * Stores the request for a training on all that the catalogue has now; the queue of some process then runs it.
 *
 * @returns Null when there is nothing to train on.
 */
export async function storeJob(transaction: Transaction, job: NewJob): Promise<StoredJob | null> {
  const scope = {
    lastItemId: await lastItemId(transaction),
    lastInteractionId: await lastInteractionId(transaction),
    catalogueVersion: await currentVersion(transaction),
  };
  if (scope.lastItemId === 0 || scope.lastInteractionId === 0) return null;
  const { config, tokenizerId } = job;
  const data = {
    ...scope,
    ...job,
    key: randomBytes(16).toString('hex'),
    status: 'QUEUED',
    config: config as object,
    seed: config.seed,
    reuseTokenizer: tokenizerId !== null,
  };
  const stored = await transaction.trainingJob.create({ data, include: WITH_MODEL_VERSION });
  await storeEvents(transaction, [], progressOf(stored));
  return stored;
}

/** Changes the row and stores an event with it: subscribers look at a job's status when they get a progress of it. */
export async function changeJob(
  transaction: Transaction,
  id: number,
  data: Prisma.TrainingJobUncheckedUpdateInput,
): Promise<TrainingJob> {
  const job = await transaction.trainingJob.update({ where: { id }, data });
  await storeEvents(transaction, [], progressOf(job));
  return job;
}

/** @returns The job's last progress. A job that waits for its turn has none of its own. */
export function progressOf({ id, progress }: TrainingJob): TrainingProgressRecord {
  return progress === null ? { jobId: id, ...bareProgress('FEATURES', 0, 1) } : progressRecord(progress);
}

/** @returns The name of the lease that the job's process holds. */
export function leaseName(jobId: number): string {
  return `training-job/${jobId}`;
}
