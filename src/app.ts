/** Wires the services into an app; no port is opened here. */
import { join } from 'node:path';

import { buildTigerSchema } from '../graphql/schema';
import type { TopicHub } from '../graphql/topics';
import { itemText } from '../models/text/item-features';
import { ApiKeys } from './api/api-keys';
import { contextsOf } from './api/context';
import { createLoaders } from './api/loaders';
import { createTopicHub } from './api/topics';
import { Catalogue } from './catalogue/catalogue';
import type { CatalogueServices } from './catalogue/catalogue-services';
import type { Config } from './config';
import type { App, Readiness } from './http/app';
import { createLogger, type Logger } from './logger';
import { ColdItems } from './recommend/cold-items';
import { Followers, pollLog } from './recommend/followers';
import { ItemFilters } from './recommend/item-filters';
import { LiveModel } from './recommend/live-model';
import { Popularity } from './recommend/popularity';
import { RecommendationReads } from './recommend/recommendation-reads';
import { Recommender } from './recommend/recommender';
import { PrefixReads } from './semantic-ids/prefix-reads';
import { type CodeAssigner, createCodeAssigner } from './semantic-ids/text-encoder';
import { ChangeLog, currentVersion } from './storage/change-log';
import { type Database, openDatabase } from './storage/database';
import { RequestReads } from './storage/request-reads';
import { ModelStore } from './training/model-store';
import { TrainingJobs } from './training/training-jobs';
import { runTraining } from './training/training-runner';
import type { EncodeProtocol, RecommendProtocol, RecommendWorkerData, TrainWorkerData } from './workers/messages';
import { spawnWorker, type WorkerClient } from './workers/spawn-worker';

/** What commands use besides. */
export interface TigerApp extends App {
  readonly hub: TopicHub;
  readonly services: CatalogueServices;
  readonly catalogue: Catalogue;
  readonly recommender: Recommender;
  readonly models: ModelStore;
  readonly trainingJobs: TrainingJobs;
  readonly apiKeys: ApiKeys;
  /** An admin key that was made just now, to be shown once; null when there was one. */
  readonly newAdminKey: string | null;
}

/**
 * Opens the database, starts the workers and loads the active model.
 *
 * A model that cannot be loaded keeps nothing from starting: the log names it, and popularity answers.
 *
 * @throws {DatabaseError} When the database cannot be opened.
 * @throws {MigrationError} When its tables cannot be brought up to date.
 */
export async function createApp(config: Config): Promise<TigerApp> {
  const logger = createLogger(config.logLevel);
  const database = await openDatabase(config.databaseUrl);
  const workers = spawnWorkers(config);
  try {
    const parts = await wire(config, logger, database, workers);
    const newAdminKey = await parts.apiKeys.ensureAdminKey(config.adminKey);
    const { problem } = await parts.models.restore();
    if (problem !== null) logger.error(problem);
    return { ...parts, newAdminKey };
  } catch (error) {
    await Promise.all([workers.recommend.dispose(), workers.encode.dispose()]);
    await database.dispose();
    throw error;
  }
}

/** How late this process may hear of what another one has changed. */
const POLL_MS = 2_000;

interface Workers {
  readonly recommend: WorkerClient<RecommendProtocol>;
  readonly encode: WorkerClient<EncodeProtocol>;
}

function spawnWorkers({ backend }: Config): Workers {
  return {
    recommend: spawnWorker<RecommendProtocol>('recommend', { backend } satisfies RecommendWorkerData),
    encode: spawnWorker<EncodeProtocol>('encode'),
  };
}

async function wire(
  config: Config,
  logger: Logger,
  database: Database,
  workers: Workers,
): Promise<Omit<TigerApp, 'newAdminKey'>> {
  const hub = createTopicHub();
  const live = new LiveModel(workers.recommend, (cause) => {
    logger.error({ err: cause }, 'the live model is lost; loading it again');
    void models.restore().then(({ problem }) => problem !== null && logger.error(problem));
  });
  const popularity = new Popularity();
  const reads = new RecommendationReads(database.read);
  const requestReads = new RequestReads(database.direct);
  const filters = new ItemFilters(reads);
  const onProblem = (message: string) => logger.error(message);
  const coldItems = new ColdItems(database.read, live);
  const followers = new Followers({ database, popularity, filters, live, coldItems, models: () => models, onProblem });
  const log = new ChangeLog(database, hub, followers.listener);
  await log.exclusive(() => followers.begin());
  const assigner = createCodeAssigner(workers.encode);
  const onInteractions = (itemIds: readonly number[]) => popularity.refresh(database.read, itemIds);
  const services: CatalogueServices = { database, log, assigner, itemText, onInteractions };

  const catalogueVersion = () => currentVersion(database.read);
  const recommender = new Recommender({ reads, requestReads, filters, popularity, live, coldItems, catalogueVersion });
  const models: ModelStore = new ModelStore({
    services,
    hub,
    load: (model) => live.load(model),
    resume: (model) => live.resume(model),
    onWarning: (message) => logger.warn(message),
  });
  const trainingJobs = createTrainingJobs(config, logger, { services, models, hub, assigner });
  const apiKeys = new ApiKeys(database);
  const catalogue = new Catalogue(services);
  const prefixes = new PrefixReads(database.read);
  const recommendForUsers = recommender.recommendForUsers.bind(recommender);
  let poller: { dispose(): Promise<void> } | null = null;

  return {
    schema: buildTigerSchema(),
    logger,
    hub,
    services,
    catalogue,
    recommender,
    models,
    trainingJobs,
    apiKeys,
    createContext: contextsOf(
      {
        catalogue,
        recommender,
        trainingJobs,
        models,
        apiKeys,
        hub,
        createLoaders: () => createLoaders({ client: database.read, requestReads, prefixes, recommendForUsers }),
      },
      config.readAccess,
    ),
    async start() {
      const onFailure = (error: unknown) => logger.error({ err: error }, 'following the log failed');
      poller = pollLog(followers, log, { intervalMs: POLL_MS, onFailure });
      await trainingJobs.resume();
    },
    ready: () => readiness(database),
    async dispose() {
      await poller?.dispose();
      await trainingJobs.dispose();
      await Promise.all([workers.recommend.dispose(), workers.encode.dispose()]);
      await database.dispose();
    },
  };
}

interface TrainingParts {
  readonly services: CatalogueServices;
  readonly models: ModelStore;
  readonly hub: TopicHub;
  readonly assigner: CodeAssigner;
}

function createTrainingJobs(
  { backend, dataDir }: Config,
  logger: Logger,
  { services, models, hub, assigner }: TrainingParts,
): TrainingJobs {
  const data: TrainWorkerData = { backend };
  return new TrainingJobs({
    services,
    models,
    hub,
    jobsDir: join(dataDir, 'jobs'),
    runTraining: (request, onProgress, signal) => {
      const onWarning = (message: string) => logger.warn({ jobId: request.jobId }, message);
      return runTraining(request, assigner, data, { onProgress, onWarning }, signal);
    },
    onFailure: (jobId, error) => logger.error({ jobId, err: error }, 'training failed'),
    onFault: (error) => logger.warn({ err: error }, 'the database does not answer the training queue; trying again'),
  });
}

async function readiness(database: Database): Promise<Readiness> {
  try {
    await currentVersion(database.read);
    return { ready: true, reasons: [] };
  } catch {
    // What exactly failed is the log's business: this route is open to everybody.
    return { ready: false, reasons: ['database: expected an answer, got none'] };
  }
}
