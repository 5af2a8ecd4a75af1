/** Joins the services of a process that only trains (TIGERQL_ROLE=train). It serves no requests, so it holds no model and no lists. */
import { ApiKeys } from './api/api-keys';
import { callerOf } from './api/context';
import { createTopicHub } from './api/topics';
import { openCheckpointStore } from './checkpoints/open-checkpoint-store';
import { openSoonFrom } from './checkpoints/open-soon';
import { CheckpointSharing } from './checkpoints/share-checkpoints';
import type { Config } from './config';
import type { TrainerApp } from './http/app';
import { createMetrics } from './http/metrics';
import { createLogger } from './logger';
import { measure } from './process/measurements';
import { createAccess, createTrainingJobs, fromStore } from './process/process-parts';
import { DatabaseReadiness } from './process/readiness';
import { createCodeAssigner } from './semantic-ids/code-assigner';
import { ChangeLog } from './storage/change-log';
import { openTracedDatabase } from './storage/database';
import { ModelStore } from './training/model-store';
import type { EncodeProtocol } from './workers/messages';
import { SERVER_LIMITS, spawnWorker } from './workers/spawn-worker';

/**
 * @throws {DatabaseError} When the database cannot be opened.
 * @throws {MigrationError} When the tables cannot be brought up to date.
 */
export async function createTrainerApp(config: Config): Promise<TrainerApp> {
  const logger = createLogger(config.logLevel);
  const database = await openTracedDatabase(config, logger);
  const worker = spawnWorker<EncodeProtocol>('encode', undefined, SERVER_LIMITS);
  const store = openCheckpointStore(config);
  const hub = createTopicHub();
  const assigner = fromStore(openSoonFrom(store), createCodeAssigner(worker));
  const onFault = (error: unknown) =>
    logger.error({ err: error }, 'The newest change of the catalogue could not be read.');
  const log = new ChangeLog(database, hub, null, onFault);
  const services = { database, log, assigner, onInteractions: async () => undefined };
  // Servers load a version when they hear of its activation.
  const models = new ModelStore({ services, store, live: null, logger });
  const trainingJobs = createTrainingJobs(config, logger, { services, models, store });
  const sharing = new CheckpointSharing({ database, store, logger });
  const apiKeys = new ApiKeys(database);
  const access = createAccess(config, database, logger);
  const readiness = new DatabaseReadiness(database, store);
  return {
    logger,
    callerOf: (authorization) => callerOf(authorization, apiKeys, access),
    async start() {
      await trainingJobs.resume();
      sharing.start();
    },
    metrics: createMetrics(),
    measure: () => measure({ database, serving: null, dataDir: config.dataDir }),
    live: () => true, // it holds nothing of the database in memory
    ready: () => readiness.look(),
    async dispose() {
      await Promise.all([sharing.dispose(), trainingJobs.dispose()]);
      await apiKeys.settled();
      await worker.dispose();
      await database.dispose();
    },
  };
}
