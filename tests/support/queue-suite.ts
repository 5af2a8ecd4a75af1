/** A training queue on a database with faults, with fake trainings, for each test of a file that imports this. */
import { presetConfig } from '../../models/config';
import type { Prisma, TrainingJob } from '../../prisma/generated/sqlite/client';
import type { Database } from '../../src/storage/database';
import { TrainingQueue, type TrainingQueueParts } from '../../src/training/training-queue';
import { storeTrainingJob } from './catalogue';
import { failures, type FakeTraining, models, opened, queueParts, test } from './training-suite';

/** Prisma's error when another process holds SQLite's write lock for too long. */
export const LOCKED = Object.assign(new Error('Operation has timed out'), {
  name: 'PrismaClientKnownRequestError',
  code: 'P1008',
});

/** The database; as many writes fail as `failures` says. */
interface FaultyDatabase extends Database {
  failures: number;
  onFailure: () => void;
}

function withFaults(database: Database): FaultyDatabase {
  const faulty: FaultyDatabase = {
    ...database,
    failures: 0,
    onFailure: () => undefined,
    write(work, options) {
      if (faulty.failures === 0) return database.write(work, options);
      faulty.failures--;
      faulty.onFailure();
      return Promise.reject(LOCKED);
    },
  };
  return faulty;
}

/** Parts of the running test. */
export let database: FaultyDatabase;
export let queue: TrainingQueue;

beforeEach(async () => {
  database = withFaults(opened.database);
  await test.catalogue.upsertItems([{ externalId: 'a', title: '#1.2 a' }], true);
  await test.catalogue.recordInteractions([{ userExternalId: 'u', itemExternalId: 'a', kind: 'PURCHASE' }]);
});
afterEach(() => queue.dispose());

export function open(runTraining: FakeTraining, parts: Partial<TrainingQueueParts> = {}): void {
  queue = new TrainingQueue({
    ...queueParts(runTraining),
    services: { ...test.services, database },
    ...parts,
  });
}

export function addJob(): Promise<TrainingJob> {
  const tiny = presetConfig('tiny');
  const config = { ...tiny, tokenizer: { ...tiny.tokenizer, kind: 'rqvae', numLevels: 2, codebookSize: 8 } };
  return storeTrainingJob(opened.database, {
    config: config as unknown as Prisma.InputJsonObject,
    status: 'QUEUED',
    activateWhenBetter: true,
  });
}

export const jobRow = ({ id }: TrainingJob) => opened.database.read.trainingJob.findUniqueOrThrow({ where: { id } });

export async function expectSucceeded(job: TrainingJob): Promise<void> {
  expect(failures).toEqual([]);
  expect(await jobRow(job)).toMatchObject({ status: 'SUCCEEDED', error: null, progress: { phase: 'DONE' } });
  expect(await models.live()).toMatchObject({ trainingJobId: job.id, status: 'ACTIVE' });
}
