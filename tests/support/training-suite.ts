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

/** Parts of the running test. */
export let opened: TestDatabase;
export let test: TestCatalogue;
export let models: ModelStore;
export let live: LiveVersion;
export let events: ProgressEvents;
/** Errors of jobs, and warnings. */
export let failures: unknown[];
/** Faults that jobs and the queue go on after. */
export let faults: unknown[];
/** Log lines of the beginnings and ends of jobs. */
export let news: unknown[];
/** Requests of the trainings. */
export let requests: TrainRequest[];

/** Settings of the process under test and its checkpoint store, which a test may change. */
export const scene = {
  liveVersionId: null as number | null,
  damagedDir: null as string | null,
  /** Number of further questions that the checkpoint store leaves without an answer. */
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
  [failures, faults, news, requests] = [[], [], [], []];
  events = new ProgressEvents(opened.database.read, test.hub);
  await events.follow();
  scene.liveVersionId = null;
  const parts = {
    services: test.services,
    store: { open: async (key: string) => key },
    logger: { ...logger, info: () => undefined, warn: (message: unknown) => void failures.push(message) },
  };
  live = new LiveVersion({
    ...parts,
    hub: test.hub,
    workers: {
      get modelVersionId() {
        return scene.liveVersionId;
      },
      isWhole: true,
      prepare: async ({ checkpointDir }) => requireWhole(checkpointDir),
      load: async ({ modelVersionId, checkpointDir }) => {
        requireWhole(checkpointDir);
        scene.liveVersionId = modelVersionId;
      },
      revive: () => fail('expected no lost worker'),
    },
  });
  models = new ModelStore({ ...parts, live });
});

interface LogFields {
  readonly err?: unknown;
}

const logger = {
  debug: () => fail('expected no message that is not shown'),
  info: (...said: unknown[]) => void news.push(said),
  warn: ({ err }: LogFields, message: string) => void (err === undefined ? failures.push(message) : faults.push(err)),
  error: ({ err }: LogFields) => void failures.push(err),
};

function requireWhole(checkpointDir: string): void {
  if (scene.awayFor > 0) {
    scene.awayFor--;
    throw new CheckpointStoreError('s3://shop/: the checkpoint store cannot be read: ETIMEDOUT');
  }
  if (checkpointDir === scene.damagedDir) throw Object.assign(new Error('damaged'), { name: 'CheckpointError' });
}

/** Parts of a queue whose jobs run fake trainings. */
export function queueParts(runTraining: FakeTraining): TrainingQueueParts {
  return {
    services: test.services,
    models,
    logger,
    store: new FolderStore(files.dataDir),
    dataDir: files.dataDir,
    readData: (job, jobDir) => buildTrainRequest(test.services.database, job, jobDir),
    runTraining: (request, events, signal) => {
      requests.push(request);
      return runTraining(request, events.onProgress, signal);
    },
  };
}

/** @returns The events that subscribers have by now. */
export async function publishedProgress(): Promise<TrainingProgressRecord[]> {
  await events.follow();
  return test.hub.published('TRAINING_PROGRESS');
}

/** The result that a worker would give: every item with the codes [1, 2] and a collision token of its own. */
export function resultOf({ itemIds }: TrainRequest, ndcg = 0.5): TrainResult {
  return {
    checkpointDir: files.checkpointDir,
    device: 'test',
    parameterCount: 12,
    table: { idLength: 3, itemIds, codes: Int32Array.from([...itemIds.keys()].flatMap((row) => [1, 2, row])) },
    metrics: [
      { name: 'users', value: 500, low: null, high: null },
      { name: 'ndcg@10', value: ndcg, low: null, high: null },
    ],
    validations: [],
  };
}
