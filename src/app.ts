/** Joins the services into an app. The port is opened elsewhere: see http/server.ts. */
import type { Loaders } from '../graphql/context';
import { buildTigerSchema } from '../graphql/schema';
import type { TopicHub } from '../graphql/topics';
import { ApiKeys, openAdminKey } from './api/api-keys';
import { AuditLog } from './api/audit-log';
import { contextsOf, createIsCurrent } from './api/context';
import { createLoaders } from './api/loaders';
import type { ReadAccessNow } from './api/read-access';
import { createTopicHub } from './api/topics';
import { Catalogue } from './catalogue/catalogue';
import type { CatalogueServices } from './catalogue/catalogue-services';
import type { CheckpointStore } from './checkpoints/checkpoint-store';
import { openCheckpointStore } from './checkpoints/open-checkpoint-store';
import { openSoonFrom } from './checkpoints/open-soon';
import { CheckpointSharing } from './checkpoints/share-checkpoints';
import type { Config } from './config';
import { Feedback } from './feedback/feedback';
import type { App } from './http/app';
import { createMetrics, type Metrics } from './http/metrics';
import { createLogger, type Logger } from './logger';
import { createFollowing } from './process/following';
import { measure } from './process/measurements';
import { createAccess, createTrainingJobs, fromStore } from './process/process-parts';
import { ReadinessCheck } from './process/readiness';
import { createServing, type Serving } from './process/serving';
import { Followers } from './recommend/followers';
import { VersionRecommender } from './recommend/version-recommender';
import { createCodeAssigner } from './semantic-ids/code-assigner';
import { PrefixReads } from './semantic-ids/prefix-reads';
import { ChangeLog } from './storage/change-log';
import { type Database, openTracedDatabase } from './storage/database';
import { LiveVersion } from './training/live-version';
import { ModelStore } from './training/model-store';
import { ProgressEvents } from './training/progress-events';
import type { TrainingJobs } from './training/training-jobs';
import { decodeWorkerPlan } from './workers/machine-share';
import type { EncodeProtocol, DecodeProtocol, DecodeWorkerData } from './workers/messages';
import { SERVER_LIMITS, spawnWorker, type WorkerClient } from './workers/spawn-worker';

/** The app, and the services that commands use directly. */
export interface TigerApp extends App {
  readonly hub: TopicHub;
  readonly services: CatalogueServices;
  readonly catalogue: Catalogue;
  readonly recommender: VersionRecommender;
  readonly feedback: Feedback;
  readonly models: ModelStore;
  readonly trainingJobs: TrainingJobs;
  readonly apiKeys: ApiKeys;
  readonly audit: AuditLog;
  readonly readAccess: ReadAccessNow;
  /** The admin key that `start` has made, to be shown once; null when there was one already. */
  newAdminKey(): string | null;
}

/**
 * Opens the database, starts the workers and loads the active model.
 *
 * The app starts even when the active model cannot be loaded: the log says why, and popularity answers.
 *
 * @throws {DatabaseError} When the database cannot be opened.
 * @throws {MigrationError} When the tables cannot be brought up to date.
 */
export async function createApp(config: Config): Promise<TigerApp> {
  const logger = createLogger(config.logLevel);
  const database = await openTracedDatabase(config, logger);
  const workers = spawnWorkers(config);
  try {
    const { liveVersion, ...parts } = await wire(config, logger, database, workers);
    await liveVersion.restore();
    return parts;
  } catch (error) {
    await disposeOf(workers, database);
    throw error;
  }
}

interface Workers {
  /** One per decode thread. */
  readonly decode: readonly WorkerClient<DecodeProtocol>[];
  readonly encode: WorkerClient<EncodeProtocol>;
}

function spawnWorkers({ backend, decodeWorkers }: Config): Workers {
  const { count, threads } = decodeWorkerPlan(backend, decodeWorkers);
  return {
    decode: Array.from({ length: count }, () => spawnDecodeWorker({ backend, threads })),
    encode: spawnWorker<EncodeProtocol>('encode', undefined, SERVER_LIMITS),
  };
}

function spawnDecodeWorker(data: DecodeWorkerData): WorkerClient<DecodeProtocol> {
  return spawnWorker<DecodeProtocol>('decode', data, SERVER_LIMITS);
}

/** What every part of the app is made with. */
interface AppParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly database: Database;
  readonly workers: Workers;
  readonly hub: TopicHub;
  readonly store: CheckpointStore;
}

async function wire(
  config: Config,
  logger: Logger,
  database: Database,
  workers: Workers,
): Promise<TigerApp & { readonly liveVersion: LiveVersion }> {
  const hub = createTopicHub();
  const metrics = createMetrics();
  const parts: AppParts = { config, logger, metrics, database, workers, hub, store: openCheckpointStore(config) };
  const opened = await openModels(parts);
  const { serving, log, services, models, live } = opened;
  const { queue, pool } = serving;
  const trainings = openTrainings(parts, opened);
  await trainings.events.follow(); // where they are before the port opens: a client that comes back must miss none
  const recommender = openLists(parts, serving);
  const callers = { apiKeys: new ApiKeys(database), audit: createAuditLog(database, logger) };
  const { trainingJobs } = trainings;
  const ports = {
    catalogue: new Catalogue(services),
    recommender,
    feedback: new Feedback(database),
    trainingJobs,
    models,
    hub,
    ...callers,
  };
  const access = openAccess(parts, { ...ports, createLoaders: loadersOf(database, serving, recommender) });
  const measured = { database, serving: { pool, queue, log }, dataDir: config.dataDir };
  return {
    schema: buildTigerSchema(),
    logger,
    metrics,
    measure: () => measure(measured),
    expectedListWaitMs: () => queue.expectedWaitMs,
    services,
    liveVersion: live,
    ...access,
    ...ports,
    ...lifeOf({ ...parts, ...opened, ...trainings, recommender, ...callers, ...access, queue }),
  };
}

/** The catalogue, the models, and what follows the changes of both. */
interface CatalogueAndModels {
  readonly serving: Serving;
  readonly log: ChangeLog;
  readonly followers: Followers;
  readonly services: CatalogueServices;
  readonly models: ModelStore;
  readonly live: LiveVersion;
}

async function openModels(parts: AppParts): Promise<CatalogueAndModels> {
  const { logger, database, workers, store } = parts;
  const serving = createServing({ ...parts, decodeWorkers: workers.decode });
  const { popularity, filters, pool, coldItems } = serving;
  const onFault = (error: unknown) =>
    logger.error({ err: error }, 'A change of the catalogue could not be brought into memory. The server tries again.');
  const log = new ChangeLog(database, parts.hub, (change) => followers.follow(change), onFault);
  const assigner = fromStore(openSoonFrom(store), createCodeAssigner(workers.encode));
  const onInteractions = (itemIds: readonly number[]) => popularity.refresh(database.read, itemIds);
  const services: CatalogueServices = { database, log, assigner, onInteractions };
  const live = new LiveVersion({ services, store, workers: pool, hub: parts.hub, logger });
  const onProblem = (message: string) => logger.error(message);
  const followers = new Followers({ database, popularity, filters, pool, coldItems, models: live, onProblem });
  pool.onLost = (cause) => {
    logger.error({ err: cause }, 'A decode worker has no live model. It loads the active one.');
    live.restoreSoon();
  };
  const models = new ModelStore({ services, store, live, logger });
  void live.prepareActive(); // the workers read and compile it while this thread reads the rest
  await log.exclusive(() => followers.begin());
  return { serving, log, followers, services, models, live };
}

function openTrainings({ config, logger, database, hub, store }: AppParts, { services, models }: CatalogueAndModels) {
  const events = new ProgressEvents(database.read, hub);
  return { events, trainingJobs: createTrainingJobs(config, logger, { services, models, store }) };
}

/** Makes lists by the live model, and by any other version that a caller names. */
function openLists({ config, database, store }: AppParts, { queue, recommenderBy }: Serving): VersionRecommender {
  return new VersionRecommender({
    queue,
    database,
    openCheckpoint: (key) => store.open(key),
    spawn: () => spawnDecodeWorker({ backend: config.backend, threads: 1 }),
    recommenderBy,
  });
}

/** Decides for each operation who calls, and what that caller may read. */
function openAccess({ config, logger, database }: AppParts, ports: Parameters<typeof contextsOf>[0]) {
  const access = createAccess(config, database, logger);
  const { readAccess } = access;
  return { readAccess, createContext: contextsOf(ports, access), isCurrent: createIsCurrent(ports) };
}

function createAuditLog(database: Database, logger: Logger): AuditLog {
  return new AuditLog({
    database,
    onFailure: (error, entry) => logger.error({ err: error, entry }, 'The audit log could not be written.'),
  });
}

/** @returns A function that makes a request's own set of loaders. */
function loadersOf(
  database: Database,
  { requestReads }: Serving,
  recommender: VersionRecommender,
): (signal: AbortSignal) => Loaders {
  const prefixes = new PrefixReads(database.read);
  const recommendForUsers = recommender.recommendForUsers.bind(recommender);
  const sources = { client: database.read, requestReads, prefixes, recommendForUsers };
  return (signal) => createLoaders(sources, signal);
}

interface LifeParts extends AppParts, CatalogueAndModels {
  readonly trainingJobs: TrainingJobs;
  readonly events: ProgressEvents;
  readonly queue: Serving['queue'];
  readonly recommender: VersionRecommender;
  readonly apiKeys: ApiKeys;
  readonly audit: AuditLog;
  readonly readAccess: ReadAccessNow;
}

function lifeOf(parts: LifeParts): Pick<TigerApp, 'start' | 'newAdminKey' | 'live' | 'ready' | 'dispose'> {
  const { database, serving, log, trainingJobs, live, apiKeys, audit, recommender } = parts;
  const readiness = new ReadinessCheck(parts);
  const sharing = new CheckpointSharing(parts);
  const following = createFollowing(parts);
  let newAdminKey: string | null = null;
  return {
    async start() {
      following.start();
      await parts.readAccess(); // The log then says who may read histories.
      await trainingJobs.resume();
      sharing.start();
      // Last, so that a start that fails makes no key that nobody sees.
      newAdminKey = await openAdminKey(parts, parts.config.adminKey);
    },
    newAdminKey: () => newAdminKey,
    live: () => !log.position.isForked,
    ready: () => readiness.look(),
    async dispose() {
      await Promise.all([sharing, following, trainingJobs, live, recommender].map((part) => part.dispose()));
      await Promise.all([apiKeys.settled(), audit.settled()]);
      await serving.pool.dispose();
      await disposeOf(parts.workers, database);
    },
  };
}

async function disposeOf(workers: Workers, database: Database): Promise<void> {
  await Promise.all([...workers.decode, workers.encode].map((worker) => worker.dispose()));
  await database.dispose();
}
