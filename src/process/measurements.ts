/** The gauges that tell operators how the app is at one moment. */
import type { Registry } from 'prom-client';

import { measured, measuredBy } from '../http/metrics';
import type { DecodePool } from '../recommend/decode-pool';
import type { ListQueue } from '../recommend/queue';
import type { ChangeLog } from '../storage/change-log';
import type { Database } from '../storage/database';
import { withTimeout } from '../waiting/promises';

/** Adds the gauges of the database, which every process has. */
export function measureDatabase(registry: Registry, { read, hotPath }: Pick<Database, 'read' | 'hotPath'>): void {
  const count = (status: string) => soon(() => read.trainingJob.count({ where: { status } }));
  measuredBy(
    'status',
    registry,
    'tigerql_training_jobs',
    'Training jobs in the database that have not ended.',
    async () => {
      const [queued, running] = await Promise.all([count('QUEUED'), count('RUNNING')]);
      return { queued, running };
    },
  );
  measuredBy(
    'state',
    registry,
    'tigerql_database_connections',
    'Connections of the PostgreSQL pool, and who waits for one.',
    () => ({ ...(hotPath.connections() ?? { used: 0, idle: 0, waiting: 0 }) }),
  );
}

export interface ServingParts {
  readonly read: Database['read'];
  readonly pool: Pick<DecodePool, 'readyCount' | 'size' | 'modelVersionId'>;
  readonly queue: Pick<ListQueue, 'waitingUsers'>;
  readonly log: Pick<ChangeLog, 'position'>;
}

/** Adds the gauges of a process that makes lists and follows the catalogue. */
export function measureServing(registry: Registry, { read, pool, queue, log }: ServingParts): void {
  const gauge = (name: string, help: string, measure: () => number | Promise<number>) =>
    measured(registry, `tigerql_${name}`, help, measure);
  gauge('waiting_users', 'Users whose lists wait for a decode worker.', () => queue.waitingUsers);
  measuredBy(
    'state',
    registry,
    'tigerql_decode_workers',
    'Decode workers: ready, or without the active model (lost).',
    () => ({ ready: pool.readyCount, lost: pool.size - pool.readyCount }),
  );
  gauge('model_version', 'Number of the model version that makes the lists; 0 while none does.', () => {
    const id = pool.modelVersionId;
    return id === null ? 0 : soon(() => numberOf(read, id));
  });
  gauge(
    'catalogue_version',
    'The last change of the catalogue that this server has followed.',
    () => log.position.followed,
  );
  gauge('follower_lag_changes', 'Changes of the catalogue that this server knows of and has not followed.', () =>
    Math.max(0, log.position.newest - log.position.followed),
  );
  gauge(
    'follower_lag_seconds',
    'How long this server has been behind the catalogue.',
    () => log.position.behindMs / 1000,
  );
}

async function numberOf(read: Database['read'], id: number): Promise<number> {
  const version = await read.modelVersion.findUnique({ where: { id }, select: { number: true } });
  return version?.number ?? NaN;
}

/** A scrape must get its answer even when the database hangs. */
const MAX_WAIT_MS = 500;

function soon(reading: () => Promise<number>): Promise<number> {
  return withTimeout(
    MAX_WAIT_MS,
    reading().catch(() => NaN),
    NaN,
  );
}
