/** Makes the parts that every process has, whether it serves requests (app.ts) or only trains (trainer-app.ts). */
import type { AccessParts } from '../api/context';
import { readAccessOf } from '../api/read-access';
import { createStorefrontTokens } from '../api/storefront-tokens';
import type { CatalogueServices } from '../catalogue/catalogue-services';
import type { CheckpointStore } from '../checkpoints/checkpoint-store';
import type { Config } from '../config';
import type { Logger } from '../logger';
import type { CodeAssigner } from '../semantic-ids/code-assigner';
import type { Database } from '../storage/database';
import type { ModelStore } from '../training/model-store';
import { readInThread } from '../training/training-data';
import { TrainingJobs } from '../training/training-jobs';
import type { TrainingQueueParts } from '../training/training-queue';
import { runTraining } from '../training/training-runner';
import type { TrainWorkerData } from '../workers/messages';

/** How a caller is known, and what one without a key may read. */
export function createAccess({ readAccess, tokens }: Config, database: Database, logger: Logger): AccessParts {
  return { readAccess: readAccessOf(database, readAccess, logger), tokens: createStorefrontTokens(tokens) };
}

/** The database has checkpoints by their keys; workers read folders. Changes of the catalogue wait for it. */
export function fromStore(open: CheckpointStore['open'], assigner: CodeAssigner): CodeAssigner {
  return {
    ...assigner,
    assign: async (key, ...rest) => assigner.assign(await open(key), ...rest),
    rankLastLevel: async (key, ...rest) => assigner.rankLastLevel(await open(key), ...rest),
  };
}

interface TrainingParts {
  readonly services: CatalogueServices;
  readonly models: ModelStore;
  readonly store: CheckpointStore;
}

export function createTrainingJobs(
  config: Config,
  logger: Logger,
  { services, models, store }: TrainingParts,
): TrainingJobs {
  const { backend, dataDir, role } = config;
  const data: TrainWorkerData = { backend };
  const parts: TrainingQueueParts = {
    services,
    models,
    store,
    dataDir,
    logger,
    isRowShown: role === 'command',
    readData: (job, jobDir, signal) => readInThread(config, job, jobDir, signal),
    runTraining: (request, events, signal) => runTraining(request, services.assigner, data, events, signal),
  };
  return new TrainingJobs(parts, role !== 'serve');
}
