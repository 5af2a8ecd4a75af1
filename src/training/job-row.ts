/** The row of a training job: how it is requested, how its status changes, and the format of its config. */
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

/**
 * The format of a job's config and stored states. Releases that share a database may differ in it although their tables are the same. Raise
 * it with every change after which the release before could not go on with a job of this one. A change of what a finished checkpoint has
 * raises `FORMAT` of models/checkpoint too.
 */
export const JOB_FORMAT = 1;

/** The statuses of jobs that are not at their end. */
export const UNFINISHED = ['QUEUED', 'RUNNING'];

export interface NewJob {
  readonly preset: string;
  readonly config: TigerConfig;
  /** The tokenizer that it reuses; null: it learns its own. */
  readonly tokenizerId: number | null;
  readonly activateWhenBetter: boolean;
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
    config: storedConfig(config),
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

interface StoredConfig extends TigerConfig {
  format?: number;
}

/** @returns The config as a row keeps it. A process that goes on with a job writes it anew: its states will be of this format. */
export function storedConfig(config: TigerConfig | Prisma.JsonValue): Prisma.InputJsonObject {
  return { ...(config as object), format: JOB_FORMAT };
}

export function configOf({ config }: Pick<TrainingJob, 'config'>): TigerConfig {
  const stored = { ...(config as unknown as StoredConfig) };
  delete stored.format;
  return stored;
}

/** @returns Whether only a newer release can run the job. */
export function isOfNewerRelease({ config }: { readonly config: unknown }): boolean {
  return ((config as StoredConfig).format ?? 1) > JOB_FORMAT;
}
