/** One server process without its workers: the catalogue, the model store and all that follows the log, wired as in an app. */
import { Catalogue } from '../../src/catalogue/catalogue';
import { ColdItems } from '../../src/recommend/cold-items';
import { Followers } from '../../src/recommend/followers';
import { ItemFilters } from '../../src/recommend/item-filters';
import { LiveModel } from '../../src/recommend/live-model';
import { Popularity } from '../../src/recommend/popularity';
import { RecommendationReads } from '../../src/recommend/recommendation-reads';
import { ChangeLog, currentVersion } from '../../src/storage/change-log';
import { ModelStore } from '../../src/training/model-store';
import { type HeldModel, HeldModels } from '../../src/workers/held-models';
import { LiveCodes } from '../../src/workers/live-codes';
import type {
  ApplyChangesRequest,
  LoadModelRequest,
  PrepareModelRequest,
  RecommendProtocol,
  ResumeModelRequest,
} from '../../src/workers/messages';
import type { WorkerClient } from '../../src/workers/spawn-worker';
import { RecordingHub } from './catalogue';
import type { TestDatabase } from './database';
import { createFakeAssigner, type FakeTokenizer } from './fake-assigner';

export interface LivingProcess {
  readonly catalogue: Catalogue;
  readonly models: ModelStore;
  readonly services: Catalogue['services'];
  readonly popularity: Popularity;
  readonly filters: ItemFilters;
  readonly hub: RecordingHub;
  /** Why it lost its model, each time. */
  readonly lost: readonly unknown[];
  /** The last change before it started. */
  readonly startVersion: number;
  /** What its recommend worker would answer with. */
  live(): HeldModel<unknown>;
  /** How often a model was loaded from its files, and how often it was still held. */
  readonly loads: { full: number; resumed: number };
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
  const live = new LiveModel(worker as unknown as WorkerClient<RecommendProtocol>, (cause) => lost.push(cause));
  const popularity = new Popularity();
  const filters = new ItemFilters(new RecommendationReads(database.read));
  const coldItems = new ColdItems(database.read, live);
  const parts = { database, popularity, filters, live, coldItems };
  const followers = new Followers({ ...parts, models: () => models, onProblem: problem });
  const log = new ChangeLog(database, hub, followers.listener, problem);
  await log.exclusive(() => followers.begin());
  const startVersion = await currentVersion(database.read);
  const onInteractions = (itemIds: readonly number[]) => popularity.refresh(database.read, itemIds);
  const services = { database, log, onInteractions, assigner: createFakeAssigner(fake), itemText };
  const models: ModelStore = new ModelStore({
    services,
    hub,
    prepare: ({ id, checkpointDir }) => live.prepare({ modelVersionId: id, checkpointDir }),
    load: (model) => live.load(model),
    resume: (model) => live.resume(model),
    liveVersionId: () => live.modelVersionId,
    onWarning: () => undefined,
  });
  const restored = await models.restore();
  if (restored.problem !== null) problem(restored.problem);
  return {
    catalogue: new Catalogue(services),
    models,
    services,
    popularity,
    filters,
    hub,
    lost,
    startVersion,
    loads: worker.loads,
    missing: worker.missing,
    answering: () => live.modelVersionId,
    live: () => worker.held.live!,
    async poll() {
      while (await followers.poll(log));
    },
  };
}

const itemText = ({ title }: { readonly title: string }) => title;

type Message = PrepareModelRequest | LoadModelRequest | ResumeModelRequest | ApplyChangesRequest;

/** The recommend worker without its model. */
class StubWorker {
  /** Checkpoint folders that this process does not have. */
  readonly missing = new Set<string>();
  readonly held = new HeldModels<{ disposeWhenIdle(): void }>();
  readonly loads = { full: 0, resumed: 0 };

  constructor(private readonly width: number) {}

  async call(message: Message): Promise<unknown> {
    if (message.type === 'prepare' || message.type === 'load') this.requireFiles(message.checkpointDir);
    if (message.type === 'prepare') return null;
    if (message.type === 'apply') return this.held.apply(message);
    if (message.type === 'resume') {
      const isResumed = this.held.resume(message);
      if (isResumed) this.loads.resumed++;
      return { isResumed };
    }
    const { modelVersionId, tokenizerId, catalogueVersion, table, live } = message;
    const model = { disposeWhenIdle: () => undefined };
    const codes = LiveCodes.build(table, live, this.width);
    this.held.swapIn({ modelVersionId, tokenizerId, catalogueVersion, model, codes });
    this.loads.full++;
    return { device: 'stub' };
  }

  private requireFiles(checkpointDir: string): void {
    if (!this.missing.has(checkpointDir)) return;
    throw Object.assign(new Error(`${checkpointDir}: expected a manifest`), { name: 'CheckpointError' });
  }
}
