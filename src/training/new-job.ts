/** Stores the request for a training. The queue of some process then runs it. */
import { randomBytes } from 'node:crypto';

import type { TigerConfig } from '../../models/config';
import type { Prisma } from '../../prisma/generated/sqlite/client';
import { currentVersion } from '../storage/change-log-reads';
import { lastInteractionId, lastItemId } from '../storage/last-ids';
import { WITH_MODEL_VERSION } from '../storage/records';
import type { Transaction } from '../storage/transaction';
import { progressOf } from './change-job';
import { storedConfig } from './job-format';
import { storeEvents } from './progress-events';

export interface NewJob {
  readonly preset: string;
  readonly config: TigerConfig;
  /** The tokenizer that it reuses; null: it learns its own. */
  readonly tokenizerId: number | null;
  readonly activateWhenBetter: boolean;
}

export type StoredJob = Prisma.TrainingJobGetPayload<{ include: typeof WITH_MODEL_VERSION }>;

/** Tells the subscribers of it too. @returns Null when there is nothing to train on. */
export async function storeJob(transaction: Transaction, job: NewJob): Promise<StoredJob | null> {
  const scope = await presentScope(transaction);
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

/** The last rows of a job that is started now: it trains on everything up to them. */
async function presentScope(transaction: Transaction) {
  return {
    lastItemId: await lastItemId(transaction),
    lastInteractionId: await lastInteractionId(transaction),
    catalogueVersion: await currentVersion(transaction),
  };
}
