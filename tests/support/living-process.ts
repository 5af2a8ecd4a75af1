/** One server process without its workers: the catalogue, the model store and all that follows the log, wired as in an app. */
import type { Checkpoint } from '../../models/checkpoint/checkpoint';
import { DAY_MS } from '../../models/math/day';
import { Catalogue } from '../../src/catalogue/catalogue';
import { ColdItems } from '../../src/recommend/cold-items';
import { DecodePool } from '../../src/recommend/decode-pool';
import { Followers } from '../../src/recommend/followers';
import { ItemFilters } from '../../src/recommend/item-filters';
import { Popularity } from '../../src/recommend/popularity';
import { ChangeLog } from '../../src/storage/change-log';
import { currentVersion } from '../../src/storage/change-log-reads';
import { LiveVersion } from '../../src/training/live-version';
import { ModelStore } from '../../src/training/model-store';
import { type HeldModel, LiveModel, LiveCodes } from '../../src/workers/held-model';
import type { ModelToLoad, DecodeProtocol } from '../../src/workers/messages';
import type { WorkerClient } from '../../src/workers/spawn-worker';
import { RecordingHub } from './catalogue';
import type { TestDatabase } from './database';
import { createFakeAssigner, type FakeTokenizer } from './fake-assigner';

export interface LivingProcess {
  readonly catalogue: Catalogue;
  readonly models: ModelStore;
  readonly version: LiveVersion;
  readonly services: Catalogue['services'];
  readonly popularity: Popularity;
  readonly filters: ItemFilters;
  readonly hub: RecordingHub;
  /** Why it lost its model, each time. */
  readonly lost: readonly unknown[];
  /** The last change before it started. */
  readonly startVersion: number;
  /** The model that its decode worker would answer with. */
  live(): HeldModel<unknown>;
  /** Its messages for people. */
  readonly news: readonly string[];
  /** Checkpoint folders that it does not have. */
  readonly missing: Set<string>;
  /** The version that makes its lists; null: popularity makes them. */
  answering(): number | null;
  /** Follows what other processes have done. */
  poll(): Promise<void>;
}

/** Starts as a server does: everything is read from the database. */
export async function startProcess({ database }: TestDatabase, fake: FakeTokenizer): Promise<LivingProcess> {
  const problem = (cause: unknown) => {
    throw cause instanceof Error ? cause : new Error(String(cause));
  };
  const hub = new RecordingHub();
  const worker = new StubWorker(fake.codebookSize);
  const lost: unknown[] = [];
  const news: string[] = [];
  const clients = [worker as unknown as WorkerClient<DecodeProtocol>];
  const pool = new DecodePool(clients);
  pool.onLost = (cause) => lost.push(cause);
  const popularity = new Popularity();
  const filters = new ItemFilters(database.read, popularity);
  const coldItems = new ColdItems(database.read, pool);
  const log = new ChangeLog(database, hub, problem);
  const onInteractions = (itemIds: readonly number[]) => popularity.refresh(database.read, itemIds);
  const services = { database, log, attributionMs: 7 * DAY_MS, onInteractions, assigner: createFakeAssigner(fake) };
  const note = (message: unknown) => void news.push(String(message));
  const shared = {
    services,
    store: { open: async (key: string) => key },
    logger: { info: note, warn: () => undefined, error: () => undefined },
  };
  const version: LiveVersion = new LiveVersion({ ...shared, hub, workers: pool });
  const parts = { database, popularity, filters, pool, coldItems };
  const followers = new Followers({ ...parts, models: version, logger: { error: problem } });
  log.listener = (change) => followers.follow(change);
  await log.exclusive(() => followers.begin());
  const startVersion = await currentVersion(database.read);
  const models = new ModelStore({ ...shared, live: version });
  await version.restore();
  if (version.problem !== null) problem(version.problem);
  return {
    catalogue: new Catalogue(services),
    models,
    version,
    services,
    popularity,
    filters,
    hub,
    lost,
    news,
    startVersion,
    missing: worker.missing,
    answering: () => pool.modelVersionId,
    live: () => worker.live.held!,
    async poll() {
      do await log.follow();
      while (await followers.poll());
    },
  };
}

type Message = Parameters<WorkerClient<DecodeProtocol>['call']>[0];

/** The decode worker without its model. */
class StubWorker {
  /** Checkpoint folders that this process does not have. */
  readonly missing = new Set<string>();
  readonly live = new LiveModel<{ disposeWhenIdle(): void }>();

  constructor(private readonly codebookSize: number) {}

  start(): void {
    return; // it has no thread
  }

  async call(message: Message): Promise<unknown> {
    switch (message.type) {
      case 'read':
        return this.requireFiles(message.checkpointDir);
      case 'load':
        return this.live.replace(this.open(message));
      case 'apply':
        return this.live.apply(message);
      default:
        return null;
    }
  }

  private open({ modelVersionId, tokenizerId, catalogueVersion, table, live }: ModelToLoad) {
    const model = { disposeWhenIdle: () => undefined };
    const codes = LiveCodes.build(table, live, this.codebookSize);
    return { modelVersionId, tokenizerId, catalogueVersion, model, codes };
  }

  private requireFiles(checkpointDir: string): Checkpoint {
    if (!this.missing.has(checkpointDir)) return { tensors: {}, documents: { metrics: [] } };
    throw Object.assign(new Error(`${checkpointDir}: expected a manifest`), { name: 'CheckpointError' });
  }
}
