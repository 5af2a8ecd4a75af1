/** Measures what operators may want to know about the app at one moment. */
import type { Measurements, ServingMeasurements } from '../http/metrics';
import type { DecodePool } from '../recommend/decode-pool';
import type { ListQueue } from '../recommend/queue';
import type { ChangeLog } from '../storage/change-log';
import type { Database } from '../storage/database';
import { newestState } from '../training/job-folders';
import { withTimeout } from '../waiting/promises';

export interface MeasuredParts {
  readonly database: Pick<Database, 'read' | 'hotPath'>;
  /** Parts that make lists and follow the catalogue; null in a process that only trains. */
  readonly serving: ServingParts | null;
  /** It has the folders that the trainings of this process work in. */
  readonly dataDir: string;
}

interface ServingParts {
  readonly pool: Pick<DecodePool, 'readyCount' | 'size' | 'modelVersionId'>;
  readonly queue: Pick<ListQueue, 'waitingUsers'>;
  readonly log: Pick<ChangeLog, 'position'>;
}

/** A scrape must get its answer even when the database hangs. */
const MAX_WAIT_MS = 500;

export async function measure({ database, serving, dataDir }: MeasuredParts): Promise<Measurements> {
  const soon = <T>(reading: Promise<T>) =>
    withTimeout(
      MAX_WAIT_MS,
      reading.catch(() => null),
      null,
    );
  const [jobs, servingNow] = await Promise.all([
    soon(measureJobs(database.read, dataDir)),
    serving && measureServing(serving, (id) => soon(numberOf(database.read, id))),
  ]);
  return {
    serving: servingNow,
    connections: database.hotPath.connections(),
    jobs: jobs && { queued: jobs.queued, running: jobs.running },
    stateAgeSeconds: jobs?.stateAgeSeconds ?? null,
  };
}

async function measureServing(
  { pool, queue, log }: ServingParts,
  numberOf: (modelVersionId: number) => Promise<number | null>,
): Promise<ServingMeasurements> {
  const { followed, newest, behindMs } = log.position;
  const { modelVersionId, readyCount, size } = pool;
  return {
    waitingUsers: queue.waitingUsers,
    readyWorkers: readyCount,
    lostWorkers: size - readyCount,
    modelVersion: modelVersionId === null ? 0 : await numberOf(modelVersionId),
    followedVersion: followed,
    lagChanges: Math.max(0, newest - followed),
    lagSeconds: behindMs / 1000,
  };
}

async function numberOf(read: Database['read'], id: number): Promise<number | null> {
  const version = await read.modelVersion.findUnique({ where: { id }, select: { number: true } });
  return version && version.number;
}

async function measureJobs(read: Database['read'], dataDir: string) {
  const unfinished = await read.trainingJob.findMany({
    where: { status: { in: ['QUEUED', 'RUNNING'] } },
    select: { id: true, key: true, status: true },
  });
  const running = unfinished.filter(({ status }) => status === 'RUNNING');
  const times = await Promise.all(running.map((job) => newestState(dataDir, job)));
  const newest = Math.max(...times);
  return {
    queued: unfinished.length - running.length,
    running: running.length,
    stateAgeSeconds: newest > 0 ? (Date.now() - newest) / 1000 : null,
  };
}
