/** Joins the services of a process that only trains (TIGERQL_ROLE=train). It serves no requests, so it holds no model and no lists. */
import type { TopicHub } from '../graphql/topics';
import { ApiKeys } from './api/api-keys';
import { callerOf } from './api/context';
import { createTopicHub } from './api/topics';
import type { CatalogueServices } from './catalogue/catalogue-services';
import type { CheckpointStore } from './checkpoints/checkpoint-store';
import { openCheckpointStore } from './checkpoints/open-checkpoint-store';
import { openSoonFrom } from './checkpoints/open-soon';
import type { Config } from './config';
import type { TrainerApp } from './http/app';
import { createMetrics } from './http/metrics';
import { createLogger, type Logger } from './logger';
import { measure } from './process/measurements';
import {
  createAccess,
  createProgressEvents,
  createSharing,
  createTrainingJobs,
  fromStore,
} from './process/process-parts';
import { DatabaseReadiness } from './process/readiness';
import { createCodeAssigner } from './semantic-ids/text-encoder';
import { ChangeLog } from './storage/change-log';
import { openTracedDatabase } from './storage/traced-database';
import { ModelStore } from './training/model-store';
import type { EncodeProtocol } from './workers/messages';
import { SILENCE_LIMITS } from './workers/silence-watch';
import { spawnWorker } from './workers/spawn-worker';

/**
 * @throws {DatabaseError} When the database cannot be opened.
 * @throws {MigrationError} When the tables cannot be brought up to date.
 */
export async function createTrainerApp(config: Config): Promise<TrainerApp> {
  const logger = createLogger(config.logLevel);
  const database = await openTracedDatabase(config);
  const worker = spawnWorker<EncodeProtocol>('encode', undefined, SILENCE_LIMITS);
  const store = openCheckpointStore(config);
  const hub = createTopicHub();
  const assigner = fromStore(openSoonFrom(store), createCodeAssigner(worker));
  const onFault = (error: unknown) =>
    logger.error({ err: error }, 'The newest change of the catalogue could not be read.');
  const log = new ChangeLog(database, hub, null, onFault);
  const services = { database, log, assigner, onInteractions: async () => undefined };
  const models = createModelStore(services, store, hub, logger);
  // Servers read the stored events, and tell their subscribers.
  const events = createProgressEvents(database, hub, logger);
  const parts = { services, models, events, store };
  const trainingJobs = createTrainingJobs(config, logger, parts);
  const sharing = createSharing(database, store, logger);
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
    ready: () => readiness.look(),
    async dispose() {
      await Promise.all([sharing.dispose(), trainingJobs.dispose()]);
      await events.settled();
      await apiKeys.settled();
      await worker.dispose();
      await database.dispose();
    },
  };
}

/** Servers load a version when they hear of its activation; here its files need only be there and whole. */
function createModelStore(
  services: CatalogueServices,
  store: CheckpointStore,
  hub: TopicHub,
  logger: Logger,
): ModelStore {
  const open = ({ checkpointDir }: { readonly checkpointDir: string }) => store.open(checkpointDir);
  return new ModelStore({
    services,
    hub,
    prepare: open,
    fetch: open,
    load: open,
    revive: open,
    resume: async () => true,
    liveVersionId: () => null,
    isWhole: () => true,
    onWarning: (message) => logger.warn(message),
    onNews: (message) => logger.info(message),
  });
}
