/** Measures what operators may want to know about the app at one moment. */
import type { Measurements, ServingMeasurements } from '../http/metrics';
import type { DecodePool } from '../recommend/decode-pool';
import type { ListQueue } from '../recommend/queue';
import type { ChangeLog } from '../storage/change-log';
import type { Database } from '../storage/database';
import { withTimeout } from '../waiting/promises';

export interface MeasuredParts {
  readonly database: Pick<Database, 'read' | 'hotPath'>;
  /** Parts that make lists and follow the catalogue; null in a process that only trains. */
  readonly serving: ServingParts | null;
}

interface ServingParts {
  readonly pool: Pick<DecodePool, 'readyCount' | 'size' | 'modelVersionId'>;
  readonly queue: Pick<ListQueue, 'waitingUsers'>;
  readonly log: Pick<ChangeLog, 'position'>;
}

/** A scrape must get its answer even when the database hangs. */
const MAX_WAIT_MS = 500;

export async function measure({ database, serving }: MeasuredParts): Promise<Measurements> {
  const soon = <T>(reading: Promise<T>) =>
    withTimeout(
      MAX_WAIT_MS,
      reading.catch(() => null),
      null,
    );
  const [jobs, servingNow] = await Promise.all([
    soon(measureJobs(database.read)),
    serving && measureServing(serving, (id) => soon(numberOf(database.read, id))),
  ]);
  return {
    serving: servingNow,
    connections: database.hotPath.connections(),
    jobs,
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

async function measureJobs(read: Database['read']): Promise<Measurements['jobs']> {
  const [queued, running] = await Promise.all(
    ['QUEUED', 'RUNNING'].map((status) => read.trainingJob.count({ where: { status } })),
  );
  return { queued, running };
}
