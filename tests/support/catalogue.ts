/** A catalogue on a test database, with a stand-in for the encoder and everything that it told the world. */
import type { ModelStatus } from '../../graphql/model-version/types';
import type { Topic, TopicHub, Topics } from '../../graphql/topics';
import { DAY_MS } from '../../models/math/day';
import type { Prisma, TrainingJob } from '../../prisma/generated/sqlite/client';
import { Catalogue } from '../../src/catalogue/catalogue';
import type { CatalogueServices } from '../../src/catalogue/changes';
import { Popularity } from '../../src/recommend/popularity';
import { ChangeLog, type CommitListener, type CommittedChange } from '../../src/storage/change-log';
import type { Database } from '../../src/storage/database';
import type { LiveVersion } from '../../src/training/live-version';
import type { TestDatabase } from './database';
import { createFakeAssigner, FAKE_CODEBOOK_SIZE, FAKE_DIMS, FAKE_LEVELS, type FakeTokenizer } from './fake-assigner';

export interface TestCatalogue {
  readonly catalogue: Catalogue;
  readonly services: CatalogueServices;
  readonly popularity: Popularity;
  /** The changes that the commit listener heard, oldest first. */
  readonly commits: CommittedChange[];
  readonly hub: RecordingHub;
}

/** A hub without subscribers that remembers what was published. */
export class RecordingHub implements TopicHub {
  private readonly events: { readonly topic: Topic; readonly payload: unknown }[] = [];

  publish<T extends Topic>(topic: T, payload: Topics[T]): void {
    this.events.push({ topic, payload });
  }

  subscribe(): never {
    throw new Error('nobody subscribes here');
  }

  published<T extends Topic>(topic: T): Topics[T][] {
    return this.events.filter((event) => event.topic === topic).map(({ payload }) => payload as Topics[T]);
  }
}

/** @param onCommit - Awaited while a commit is told, before the call that made it answers. */
export function createTestCatalogue(
  { database }: Pick<TestDatabase, 'database'>,
  onCommit: CommitListener = () => Promise.resolve(),
): TestCatalogue {
  const commits: CommittedChange[] = [];
  const hub = new RecordingHub();
  const popularity = new Popularity();
  const listener: CommitListener = async (change) => {
    commits.push(change);
    await popularity.drop(database.read, change);
    await popularity.join(database.read, change);
    await onCommit(change);
  };
  const log = new ChangeLog(database, hub);
  log.listener = listener;
  const services: CatalogueServices = {
    database,
    log,
    attributionMs: 7 * DAY_MS,
    onInteractions: (itemIds) => popularity.refresh(database.read, itemIds),
    assigner: createFakeAssigner(),
  };
  return { catalogue: new Catalogue(services), services, popularity, commits, hub };
}

/** @returns A listener that makes activated versions live, as an app's does. */
export function followActivations(live: () => Pick<LiveVersion, 'follow'>): CommitListener {
  return async (change) => {
    if (change.kind === 'MODEL_ACTIVATED') await live().follow(change);
  };
}

/** Four items that differ in what lists are ordered and filtered by. */
export const PRICED_ITEMS = [
  { externalId: 'a', title: '#1.1 cup', price: 5, categories: ['red', 'kitchen'] },
  { externalId: 'b', title: '#1.2 Apron', categories: ['kitchen'] },
  { externalId: 'c', title: '#2.2 bowl', price: 2, categories: ['blue', 'kitchen'] },
  { externalId: 'd', title: '#2.2 Apron', price: 5 },
];

/** Makes a model version live, by default with a tokenizer of 2 levels, 4 codes each; as many collision tokens as codes. */
export function activateFakeModel(
  opened: TestDatabase,
  number = 1,
  fake?: FakeTokenizer,
): Promise<{ tokenizerId: number; modelVersionId: number }> {
  return storeFakeModel(opened, { number, status: 'ACTIVE', fake });
}

interface FakeModel {
  readonly number: number;
  readonly status: ModelStatus;
  readonly checkpointDir?: string;
  readonly fake?: FakeTokenizer;
}

/** Stores a model version with a tokenizer of its own that has seen no item yet. */
export async function storeFakeModel(
  { database }: Pick<TestDatabase, 'database'>,
  { number, status, checkpointDir = '/nowhere', fake }: FakeModel,
): Promise<{ tokenizerId: number; modelVersionId: number }> {
  const codebookSize = fake?.codebookSize ?? FAKE_CODEBOOK_SIZE;
  return database.write(async (transaction) => {
    const tokenizer = await transaction.tokenizer.create({
      data: {
        kind: 'rqvae',
        numLevels: fake?.numLevels ?? FAKE_LEVELS,
        codebookSize,
        collisionSize: codebookSize,
        dims: FAKE_DIMS,
        checkpointDir,
      },
    });
    const version = await transaction.modelVersion.create({
      data: {
        number,
        tokenizerId: tokenizer.id,
        checkpointDir,
        status,
        preset: 'tiny',
        device: 'test',
        parameterCount: 1,
        catalogueVersion: 0,
      },
    });
    return { tokenizerId: tokenizer.id, modelVersionId: version.id };
  });
}

/** Stores a training job under way, unless `changes` say otherwise. */
export function storeTrainingJob(
  { write }: Pick<Database, 'write'>,
  changes: Partial<Prisma.TrainingJobUncheckedCreateInput> = {},
): Promise<TrainingJob> {
  const settings = { status: 'RUNNING', preset: 'tiny', config: {}, seed: 1, reuseTokenizer: false };
  const scope = { lastItemId: 1e9, lastInteractionId: 1e9, catalogueVersion: 1 };
  const data = { ...settings, activateWhenBetter: false, ...scope, ...changes };
  return write(({ trainingJob }) => trainingJob.create({ data }));
}

/** Empties every table, so that each test begins with nothing. */
export async function emptyTables({ database }: TestDatabase): Promise<void> {
  await database.write(async (transaction) => {
    await transaction.modelVersion.deleteMany();
    await transaction.tokenizer.deleteMany();
    await transaction.trainingJob.deleteMany();
    await transaction.item.deleteMany();
    await transaction.user.deleteMany();
    await transaction.catalogueLog.deleteMany();
    await transaction.apiKey.deleteMany();
    await transaction.lease.deleteMany();
    await transaction.list.deleteMany();
    await transaction.experiment.deleteMany();
    await transaction.placementDay.deleteMany();
    await transaction.placementRevenue.deleteMany();
    await transaction.placementState.deleteMany();
  });
}

/** @returns All figures of the catalogue as a whole. */
export async function summaryOf(catalogue: Catalogue) {
  return {
    version: await catalogue.version(),
    itemCount: await catalogue.liveItemCount(),
    tokenizedItemCount: await catalogue.tokenizedItemCount(),
    userCount: await catalogue.userCount(),
    interactionCount: await catalogue.interactionCount(),
  };
}
