/** Joins the services of a process that only trains (TIGERQL_ROLE=train). It serves no requests, so it holds no model and no lists. */
import { ApiKeys } from './api/api-keys';
import { callerOf } from './api/context';
import { readAccessOf } from './api/read-access';
import { createStorefrontTokens } from './api/storefront-tokens';
import { createTopicHub } from './api/topics';
import { openSoonFrom } from './checkpoints/checkpoint-store';
import { openCheckpointStore } from './checkpoints/open-checkpoint-store';
import type { Config } from './config';
import type { TrainerApp } from './http/app';
import { createMetrics } from './http/metrics';
import { createLogger } from './logger';
import { measureDatabase } from './process/measurements';
import { readinessOf } from './process/readiness';
import { createCodeAssigner } from './semantic-ids/code-assigner';
import { ChangeLog } from './storage/change-log';
import { openDatabase } from './storage/database';
import { ModelStore } from './training/model-store';
import { TrainingJobs } from './training/training-jobs';
import { trainInThreads } from './training/training-runner';
import type { EncodeProtocol, EncodeWorkerData } from './workers/messages';
import { SERVER_LIMITS, spawnWorker } from './workers/spawn-worker';

/**
 * @throws {DatabaseError} When the database cannot be opened.
 * @throws {MigrationError} When the tables cannot be brought up to date.
 */
export async function createTrainerApp(config: Config): Promise<TrainerApp> {
  const logger = createLogger(config.logLevel);
  const database = await openDatabase(config.databaseUrl, config.database);
  const encodeData: EncodeWorkerData = { backend: config.backend };
  const worker = spawnWorker<EncodeProtocol>('encode', encodeData, SERVER_LIMITS);
  const store = openCheckpointStore(config);
  const hub = createTopicHub();
  const assigner = createCodeAssigner(worker, openSoonFrom(store));
  const log = new ChangeLog(database, hub, (error) =>
    logger.error({ err: error }, 'The newest change of the catalogue could not be read.'),
  );
  const { attributionMs } = config;
  const services = { database, log, assigner, attributionMs, onInteractions: async () => undefined };
  // Servers load a version when they hear of its activation.
  const models = new ModelStore({ services, store, live: null, logger });
  const trainingJobs = new TrainingJobs(
    { services, models, store, logger, keptVersions: config.keptVersions, ...trainInThreads(config, assigner) },
    true,
    config.kinds,
  );
  const metrics = createMetrics();
  measureDatabase(metrics.registry, database);
  const apiKeys = new ApiKeys(database);
  const readAccess = readAccessOf(database, config.readAccess, logger);
  const access = { readAccess, tokens: createStorefrontTokens(config.tokens) };
  return {
    logger,
    callerOf: (authorization) => callerOf(authorization, apiKeys, access),
    start: () => trainingJobs.resume(),
    metrics,
    live: () => true, // it holds nothing of the database in memory
    ready: readinessOf({ database, store }),
    async dispose() {
      await trainingJobs.dispose();
      await worker.dispose();
      await database.dispose();
    },
  };
}
