/** Joins the services into an app, in the order in which they need each other. The port is opened elsewhere: see http/server.ts. */
import type { GraphQLSchema } from 'graphql';

import type { Explanations } from '../graphql/context';
import { buildTigerSchema } from '../graphql/schema';
import type { TopicHub } from '../graphql/topics';
import { ApiKeys, openAdminKey } from './api/api-keys';
import { AuditLog } from './api/audit-log';
import { callerOf, contextsOf, createIsCurrent } from './api/context';
import { createLoaders } from './api/loaders';
import { type ReadAccessNow, readAccessOf } from './api/read-access';
import { createStorefrontTokens } from './api/storefront-tokens';
import { createTopicHub } from './api/topics';
import { Catalogue } from './catalogue/catalogue';
import type { CatalogueServices } from './catalogue/changes';
import { openSoonFrom } from './checkpoints/checkpoint-store';
import { openCheckpointStore } from './checkpoints/open-checkpoint-store';
import type { Config } from './config';
import { Feedback } from './feedback/feedback';
import type { App } from './http/app';
import { createMetrics } from './http/metrics';
import { createLogger, type Logger } from './logger';
import { Experiments } from './placements/experiments';
import { numberedState, Placements } from './placements/placements';
import { createFollowing } from './process/following';
import { measureDatabase, measureServing } from './process/measurements';
import { serverReadinessOf } from './process/readiness';
import { ColdItems } from './recommend/cold-items';
import { compareVersions } from './recommend/compare-versions';
import { DecodePool } from './recommend/decode-pool';
import { Followers } from './recommend/followers';
import { formerState } from './recommend/former-state';
import { ItemFilters } from './recommend/item-filters';
import { NamedVersion } from './recommend/named-version';
import { Popularity } from './recommend/popularity';
import { ListQueue } from './recommend/queue';
import { Recommender } from './recommend/recommender';
import { Trending } from './recommend/trending';
import { WhyNot } from './recommend/why-not';
import { createCodeAssigner } from './semantic-ids/code-assigner';
import { PrefixReads } from './semantic-ids/prefix-reads';
import { TextShelfFinder } from './semantic-ids/text-shelves';
import { ChangeLog } from './storage/change-log';
import { currentVersion } from './storage/change-log-reads';
import { type Database, openDatabase } from './storage/database';
import { weighKinds } from './storage/item-counts';
import { itemIdsOf } from './storage/item-rows';
import { RequestReads } from './storage/request-reads';
import { LiveVersion } from './training/live-version';
import { ModelStore } from './training/model-store';
import { ProgressEvents } from './training/progress-events';
import { TrainingJobs } from './training/training-jobs';
import { trainInThreads } from './training/training-runner';
import { decodeWorkerPlan } from './workers/machine-share';
import type { DecodeProtocol, DecodeWorkerData, EncodeProtocol, EncodeWorkerData } from './workers/messages';
import { SERVER_LIMITS, spawnWorker, type WorkerClient } from './workers/spawn-worker';

/** The app, and the services that commands use directly. */
export interface TigerApp extends App {
  readonly hub: TopicHub;
  readonly services: CatalogueServices;
  readonly catalogue: Catalogue;
  readonly recommender: Recommender;
  readonly feedback: Feedback;
  readonly models: ModelStore;
  readonly trainingJobs: TrainingJobs;
  readonly apiKeys: ApiKeys;
  readonly audit: AuditLog;
  readonly readAccess: ReadAccessNow;
  /**
   * Makes sure that there is an admin key. Called last, so that a start that fails makes no key that nobody sees.
   *
   * @returns The secret of one that is new and random, to be shown once; null when there was one already.
   */
  openAdminKey(): Promise<string | null>;
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
  const database = await openDatabase(config.databaseUrl, config.database);
  const workers = spawnWorkers(config);
  try {
    return await wire(config, logger, database, workers);
  } catch (error) {
    await disposeOf(workers, database);
    throw error;
  }
}

async function schemaFor({ federation }: Config): Promise<GraphQLSchema> {
  const schema = buildTigerSchema();
  return federation ? (await import('./api/subgraph.js')).asSubgraph(schema) : schema;
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
    encode: spawnEncodeWorker({ backend }),
  };
}

function spawnEncodeWorker(data: EncodeWorkerData): WorkerClient<EncodeProtocol> {
  return spawnWorker<EncodeProtocol>('encode', data, SERVER_LIMITS);
}

function spawnDecodeWorker(data: DecodeWorkerData): WorkerClient<DecodeProtocol> {
  return spawnWorker<DecodeProtocol>('decode', data, SERVER_LIMITS);
}

async function wire(config: Config, logger: Logger, database: Database, workers: Workers): Promise<TigerApp> {
  const hub = createTopicHub();
  const metrics = createMetrics();
  const store = openCheckpointStore(config);

  // Lists: the workers that make them, the queue before those, and what each list reads.
  const pool = new DecodePool(workers.decode);
  const queue = new ListQueue(pool, metrics.batchDone);
  const popularity = new Popularity();
  const filters = new ItemFilters(database.read, popularity);
  const coldItems = new ColdItems(database.read, pool);
  const requestReads = new RequestReads(database.hotPath, config.kinds);
  const named = new NamedVersion({
    ...{ database, store },
    spawn: () => spawnDecodeWorker({ backend: config.backend, threads: 1 }),
  });
  const assigner = createCodeAssigner(workers.encode, openSoonFrom(store));
  const prefixes = new PrefixReads(database.read);
  const recommender = new Recommender({
    ...{ requestReads, filters, popularity, named },
    trending: new Trending(database.read),
    live: { pool, lists: queue, coldItems },
    itemIdsOf: (externalIds) => itemIdsOf(database.read, externalIds),
    catalogueVersion: () => currentVersion(database.read),
    placementState: (name, number) => numberedState(database.read, name, number),
    kinds: config.kinds,
    textShelves: new TextShelfFinder({
      assigner,
      prefixes,
      nearTexts: (vectors, size) => pool.nearTexts(vectors, size),
    }),
  });

  // The catalogue, and the model that is live.
  const { attributionMs } = config;
  const log = new ChangeLog(database, hub, (error) =>
    logger.error({ err: error }, 'A change of the catalogue could not be brought into memory. The server tries again.'),
  );
  const services: CatalogueServices = {
    database,
    log,
    assigner,
    attributionMs,
    onInteractions: (itemIds) => popularity.refresh(database.read, itemIds),
  };
  const live = new LiveVersion({ services, store, workers: pool, hub, logger });
  const models = new ModelStore({ services, store, live, logger });

  // The followers of changes, this process's own and those of others.
  const followers = new Followers({ database, popularity, filters, pool, coldItems, models: live, logger });
  const progress = new ProgressEvents(database.read, hub);
  const following = createFollowing({ log, followers, progress, logger });
  log.listener = (change) => followers.follow(change);
  pool.onLost = (cause) => {
    logger.error({ err: cause }, 'A decode worker has no live model. It loads the active one.');
    live.restoreSoon();
  };

  // Trainings.
  const trainingJobs = new TrainingJobs(
    {
      services,
      models,
      store,
      logger,
      keptVersions: config.keptVersions,
      ...trainInThreads(config, services.assigner),
    },
    config.role !== 'serve',
    config.kinds,
  );

  // Who may call, and what resolvers may call.
  const apiKeys = new ApiKeys(database);
  const audit = new AuditLog({
    database,
    onFailure: (error, entry) => logger.error({ err: error, entry }, 'The audit log could not be written.'),
  });
  const experiments = new Experiments({ database, requestReads, logger });
  const readAccess = readAccessOf(database, config.readAccess, logger);
  const catalogue = new Catalogue(services);
  const explained = { client: database.read, recommender, filters, popularity, catalogue, kinds: config.kinds };
  const whyNot = new WhyNot(explained);
  const explanations: Explanations = {
    whyNot: (...args) => whyNot.whyNot(...args),
    formerState: (asOf) => formerState(asOf, explained),
    compareVersions: (args, signal) => compareVersions(args, explained, signal),
  };
  // The feedback is stored, whatever becomes of the look.
  const guard = () =>
    experiments
      .guard()
      .catch((err: unknown) => logger.error({ err }, 'The arms of experiments could not be looked at.'));
  const ports = {
    recommender,
    catalogue,
    explanations,
    trainingJobs,
    models,
    apiKeys,
    audit,
    hub,
    experiments,
    feedback: new Feedback({ database, attributionMs, live: popularity, guard }),
    placements: new Placements({ database, filters }),
  };
  const loaderSources = {
    client: database.read,
    requestReads,
    prefixes,
  };
  const access = { readAccess, tokens: createStorefrontTokens(config.tokens) };

  await weighKinds(database, config.kinds);
  // The workers read and compile the active version while this thread reads the rest.
  void live.prepareActive();
  await log.exclusive(() => followers.begin());
  await progress.follow(); // where trainings are before the port opens: a client that comes back must miss none
  await live.restore();

  measureDatabase(metrics.registry, database);
  measureServing(metrics.registry, { read: database.read, pool, queue, log });
  return {
    ...ports,
    logger,
    metrics,
    services,
    readAccess,
    callerOf: (authorization) => callerOf(authorization, apiKeys, access),
    contextFor: contextsOf({ ...ports, createLoaders: (signal) => createLoaders(loaderSources, signal) }),
    schema: await schemaFor(config),
    isCurrent: createIsCurrent({ apiKeys }),
    expectedListWaitMs: () => queue.expectedWaitMs,
    live: () => !log.position.isForked,
    ready: serverReadinessOf({ database, store, log, pool, live }),
    async start() {
      following.start();
      await readAccess(); // The log then says who may read histories.
      await trainingJobs.resume();
    },
    openAdminKey: () => openAdminKey({ apiKeys, audit, logger }, config.adminKey),
    async dispose() {
      await Promise.all([following, trainingJobs, live, named].map((part) => part.dispose()));
      await pool.dispose();
      await disposeOf(workers, database);
    },
  };
}

async function disposeOf(workers: Workers, database: Database): Promise<void> {
  await Promise.all([...workers.decode, workers.encode].map((worker) => worker.dispose()));
  await database.dispose();
}
