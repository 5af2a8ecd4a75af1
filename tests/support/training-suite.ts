/** A catalogue, a model store and fake trainings, for each test of a file that imports this. */
import type { TrainingProgressRecord } from '../../graphql/training/records';
import type { FitProgress } from '../../models/training/fit-input';
import { CheckpointStoreError } from '../../src/checkpoints/checkpoint-store';
import { FolderStore } from '../../src/checkpoints/folder-store';
import { LiveVersion } from '../../src/training/live-version';
import { ModelStore } from '../../src/training/model-store';
import { ProgressEvents } from '../../src/training/progress-events';
import { buildTrainRequest } from '../../src/training/training-data';
import type { TrainingQueueParts } from '../../src/training/training-queue';
import type { TrainRequest, TrainResult } from '../../src/workers/messages';
import { createTestCatalogue, emptyTables, followActivations, type TestCatalogue } from './catalogue';
import { useCheckpointFolder } from './checkpoint-folder';
import { openTestDatabase, type TestDatabase } from './database';

export type FakeTraining = (
  request: TrainRequest,
  onProgress: (progress: FitProgress) => void,
  signal: AbortSignal,
) => Promise<TrainResult>;

/** Those of the running test. */
export let opened: TestDatabase;
export let test: TestCatalogue;
export let models: ModelStore;
export let live: LiveVersion;
export let events: ProgressEvents;
/** What went wrong, and what people were warned of. */
export let failures: unknown[];
/** What was said of the beginnings and ends of jobs. */
export let news: unknown[];
/** What the trainings were asked for. */
export let requests: TrainRequest[];

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
    followActivations(() => live),
  );
  [failures, news, requests] = [[], [], []];
  events = new ProgressEvents({ database: opened.database, hub: test.hub, onFault: (error) => failures.push(error) });
  await events.follow();
  scene.liveVersionId = null;
  const shared = {
    services: test.services,
    prepare: async ({ checkpointDir }: { readonly checkpointDir: string }) => requireWhole(checkpointDir),
    liveVersionId: () => scene.liveVersionId,
    onWarning: (message: string) => failures.push(message),
    onNews: () => undefined,
  };
  live = new LiveVersion({
    ...shared,
    hub: test.hub,
    fetch: async () => undefined,
    load: async ({ modelVersionId, checkpointDir }) => {
      requireWhole(checkpointDir);
      scene.liveVersionId = modelVersionId;
    },
    resume: async () => false,
    revive: () => fail('expected no lost worker'),
    isWhole: () => true,
  });
  models = new ModelStore({ ...shared, onCommitted: live.noteCommitted });
});

function requireWhole(checkpointDir: string): void {
  if (scene.awayFor > 0) {
    scene.awayFor--;
    throw new CheckpointStoreError('s3://shop/: the checkpoint store cannot be read: ETIMEDOUT');
  }
  if (checkpointDir === scene.damagedDir) throw Object.assign(new Error('damaged'), { name: 'CheckpointError' });
}

/** What a queue needs whose jobs run fake trainings. */
export function queueParts(runTraining: FakeTraining): TrainingQueueParts {
  return {
    services: test.services,
    models,
    events,
    store: new FolderStore(files.dataDir),
    dataDir: files.dataDir,
    readData: (job, jobDir) => buildTrainRequest(test.services, job, jobDir),
    runTraining: (request, events, signal) => {
      requests.push(request);
      return runTraining(request, events.onProgress, signal);
    },
    onFailure: (_, error) => failures.push(error),
    onWarning: (_, message) => failures.push(message),
    onReport: (_, message) => failures.push(message),
    onNews: (...said) => news.push(said),
    onFault: (error) => failures.push(error),
  };
}

/** @returns What subscribers get by now. No event is told after it. */
export async function toldProgress(): Promise<TrainingProgressRecord[]> {
  await events.settled();
  await events.follow();
  return test.hub.published('TRAINING_PROGRESS');
}

/** What a worker would give: every item with the codes [1, 2] and a collision token of its own. */
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
