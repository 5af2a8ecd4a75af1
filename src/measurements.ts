/** What operators may want to know of the app at one moment. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { Measurements } from './http/metrics';
import type { DecodePool } from './recommend/decode-pool';
import type { ListQueue } from './recommend/list-queue';
import type { ChangeLog } from './storage/change-log';
import type { Database } from './storage/database';
import { jobName } from './training/job-folders';

export interface MeasuredParts {
  readonly database: Pick<Database, 'read' | 'hotPath'>;
  readonly pool: Pick<DecodePool, 'readyCount' | 'size' | 'modelVersionId'>;
  readonly queue: Pick<ListQueue, 'waitingUsers'>;
  readonly log: Pick<ChangeLog, 'position'>;
  /** It has the folders that the trainings of this process work in. */
  readonly dataDir: string;
}

/** A scrape must get its answer even when the database hangs. */
const MAX_WAIT_MS = 500;

export async function measure({ database, pool, queue, log, dataDir }: MeasuredParts): Promise<Measurements> {
  const { followed, newest, behindMs } = log.position;
  const tooLate = setTimeout(MAX_WAIT_MS, null, { ref: false });
  const jobs = await Promise.race([measureJobs(database.read, dataDir).catch(() => null), tooLate]);
  return {
    waitingUsers: queue.waitingUsers,
    readyWorkers: pool.readyCount,
    lostWorkers: pool.size - pool.readyCount,
    modelVersionId: pool.modelVersionId,
    followedVersion: followed,
    lagChanges: newest - followed,
    lagSeconds: behindMs / 1000,
    connections: database.hotPath.connections(),
    jobs: jobs && { queued: jobs.queued, running: jobs.running },
    snapshotAgeSeconds: jobs?.snapshotAgeSeconds ?? null,
  };
}

async function measureJobs(read: Database['read'], dataDir: string) {
  const unfinished = await read.trainingJob.findMany({
    where: { status: { in: ['QUEUED', 'RUNNING'] } },
    select: { id: true, key: true, status: true },
  });
  const running = unfinished.filter(({ status }) => status === 'RUNNING');
  const times = await Promise.all(running.map((job) => newestSnapshot(join(dataDir, 'work'), jobName(job))));
  const newest = Math.max(...times);
  return {
    queued: unfinished.length - running.length,
    running: running.length,
    snapshotAgeSeconds: newest > 0 ? (Date.now() - newest) / 1000 : null,
  };
}

/** @returns When the newest snapshot in the folders of a job's phases was written; 0 when there is none. */
async function newestSnapshot(work: string, job: string): Promise<number> {
  const namesIn = (dir: string) => readdir(dir).catch(() => [] as string[]);
  const times: number[] = [];
  for (const fence of await namesIn(work)) {
    const dir = join(work, fence, job);
    for (const phase of await namesIn(dir)) {
      const written = await stat(join(dir, phase, 'manifest.json')).catch(() => null);
      times.push(written?.mtimeMs ?? 0);
    }
  }
  return Math.max(0, ...times);
}
