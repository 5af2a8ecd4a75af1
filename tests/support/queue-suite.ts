/** A training queue on a database with faults, with fake trainings, for each test of a file that imports this. */
import type { FitProgress } from '../../models/training/fit-input';
import type { TrainingJob } from '../../prisma/generated/sqlite/client';
import { CheckpointStoreError } from '../../src/checkpoints/checkpoint-store';
import { FolderStore } from '../../src/checkpoints/folder-store';
import type { Database } from '../../src/storage/database';
import { ModelStore } from '../../src/training/model-store';
import { buildTrainRequest } from '../../src/training/training-data';
import { TrainingQueue, type TrainingQueueParts } from '../../src/training/training-queue';
import type { TrainRequest, TrainResult } from '../../src/workers/messages';
import { createTestCatalogue, emptyTables, followActivations, type TestCatalogue } from './catalogue';
import { useCheckpointFolder } from './checkpoint-folder';
import { openTestDatabase, type TestDatabase } from './database';

/** What Prisma throws when another process holds SQLite's write lock for too long. */
export const LOCKED = Object.assign(new Error('Operation has timed out'), {
  name: 'PrismaClientKnownRequestError',
  code: 'P1008',
});

/** The database with faults: as many writes fail as `failures` says. */
class FaultyDatabase {
  failures = 0;
  onFailure: () => void = () => undefined;

  constructor(private readonly database: Database) {}

  get provider() {
    return this.database.provider;
  }
  get read() {
    return this.database.read;
  }
  get hotPath() {
    return this.database.hotPath;
  }
  write<T>(work: Parameters<Database['write']>[0]): Promise<T> {
    if (this.failures === 0) return this.database.write(work) as Promise<T>;
    this.failures--;
    this.onFailure();
    return Promise.reject(LOCKED);
  }
  writeAside<T>(work: Parameters<Database['write']>[0]): Promise<T> {
    return this.database.writeAside(work) as Promise<T>;
  }
  checkWrite() {
    return this.database.checkWrite();
  }
  hints(onHint: () => void) {
    return this.database.hints(onHint);
  }
  dispose() {
    return this.database.dispose();
  }
}

export type FakeTraining = (
  request: TrainRequest,
  onProgress: (progress: FitProgress) => void,
  signal: AbortSignal,
) => Promise<TrainResult>;

/** Those of the running test. */
export let opened: TestDatabase;
export let test: TestCatalogue;
export let database: FaultyDatabase;
export let models: ModelStore;
export let queue: TrainingQueue;
export let failures: unknown[];
export let faults: unknown[];
export let trainings: number;

/** What a test may change of the process under test and its checkpoint store. */
export const scene = {
  liveVersionId: null as number | null,
  damagedDir: null as string | null,
  /** How many more questions the checkpoint store leaves without an answer. */
  awayFor: 0,
};

export const files = useCheckpointFolder();

beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.dispose());
beforeEach(async () => {
  await emptyTables(opened);
  test = createTestCatalogue(
    opened,
    followActivations(() => models),
  );
  database = new FaultyDatabase(opened.database);
  [failures, faults, trainings] = [[], [], 0];
  scene.liveVersionId = null;
  models = new ModelStore({
    services: test.services,
    hub: test.hub,
    prepare: async ({ checkpointDir }) => requireWhole(checkpointDir),
    fetch: async () => undefined,
    load: async ({ modelVersionId, checkpointDir }) => {
      requireWhole(checkpointDir);
      scene.liveVersionId = modelVersionId;
    },
    resume: async () => false,
    revive: () => fail('expected no lost worker'),
    isWhole: () => true,
    liveVersionId: () => scene.liveVersionId,
    onWarning: (message) => failures.push(message),
    onNews: () => undefined,
  });
  await test.catalogue.addItems([{ externalId: 'a', title: '#1.2 a' }], true);
  await test.catalogue.recordInteractions([{ userExternalId: 'u', itemExternalId: 'a', kind: 'PURCHASE' }]);
});
afterEach(() => queue.dispose());

function requireWhole(checkpointDir: string): void {
  if (scene.awayFor > 0) {
    scene.awayFor--;
    throw new CheckpointStoreError('s3://shop/: the checkpoint store cannot be read: ETIMEDOUT');
  }
  if (checkpointDir === scene.damagedDir) throw Object.assign(new Error('damaged'), { name: 'CheckpointError' });
}

export function open(runTraining: FakeTraining, parts: Partial<TrainingQueueParts> = {}): void {
  queue = new TrainingQueue({
    services: { ...test.services, database },
    models,
    publishProgress: test.hub.publishProgress,
    store: new FolderStore(files.dataDir),
    dataDir: files.dataDir,
    readData: (job, jobDir) => buildTrainRequest(test.services, job, jobDir),
    runTraining: (request, events, signal) => {
      trainings++;
      return runTraining(request, events.onProgress, signal);
    },
    onFailure: (_, error) => failures.push(error),
    onWarning: (_, message) => failures.push(message),
    onFault: (error) => faults.push(error),
    ...parts,
  });
}

export function addJob(): Promise<TrainingJob> {
  const scope = { lastItemId: 1e9, lastInteractionId: 1e9, catalogueVersion: 1 };
  const settings = {
    preset: 'tiny',
    config: { tokenizer: { kind: 'rqvae', numLevels: 2, codebookSize: 8 } },
    seed: 1,
  };
  return opened.database.write((transaction) =>
    transaction.trainingJob.create({
      data: { ...scope, ...settings, status: 'QUEUED', reuseTokenizer: false, activateWhenBetter: true },
    }),
  );
}

export const jobRow = ({ id }: TrainingJob) => opened.database.read.trainingJob.findUniqueOrThrow({ where: { id } });

export function resultOf({ itemIds }: TrainRequest, ndcg = 0.5): TrainResult {
  return {
    checkpointDir: files.checkpointDir,
    device: 'test',
    parameterCount: 12,
    table: { idLength: 3, itemIds, codes: Int32Array.from([...itemIds.keys()].flatMap((row) => [1, 2, row])) },
    encoded: { rows: new Int32Array(), keys: [], vectors: new Float32Array() },
    metrics: [
      { name: 'users', value: 500, low: null, high: null },
      { name: 'ndcg@10', value: ndcg, low: null, high: null },
    ],
    validations: [],
  };
}

export async function expectSucceeded(job: TrainingJob): Promise<void> {
  expect(failures).toEqual([]);
  expect(await jobRow(job)).toMatchObject({ status: 'SUCCEEDED', error: null, progress: { phase: 'DONE' } });
  expect(await models.live()).toMatchObject({ trainingJobId: job.id, status: 'ACTIVE' });
}
