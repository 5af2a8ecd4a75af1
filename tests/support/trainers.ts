/** A server that does not train, and trainers beside it, each a process with a DATA_DIR of its own, on one PostgreSQL. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';
import { ChunkBlobs } from '../../src/storage/chunk-blobs';
import type { Database } from '../../src/storage/database';
import { leaseName } from '../../src/training/job-row';
import { testClient, type TestClient } from './graphql-client';
import { littleInteractions, littleItems } from './little-shop';
import { openTestPostgres } from './postgres';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from './server-process';
import { mutateWith } from './trained-shop';
import { until } from './until';

/** The clocks of the trainers are wrong by this, in either direction. */
export const CLOCK_SKEW_MS = 60_000;

export interface Trainers {
  readonly database: Database;
  readonly admin: TestClient;
  /** All that the trainers have printed. */
  output(): string;
  /** The trainer that holds the job, once one does with a higher number than `fence`. */
  holderOf(jobId: number, fence: number): Promise<{ readonly trainer: ServerProcess; readonly fence: number }>;
  /** Ends a trainer as a power cut would, and starts another one in its place. */
  replace(trainer: ServerProcess): Promise<void>;
  /** Ends the lease of a holder that has not given it back. */
  endLease(jobId: number, fence: number): Promise<unknown>;
  /** Hash of the files of the checkpoint that the job has left, but for the manifest, which names the job. */
  hashOf(jobId: number): Promise<string>;
  dispose(): Promise<void>;
}

export async function openTrainers(count: number): Promise<Trainers> {
  const root = await mkdtemp(join(tmpdir(), 'tigerql-trainers-'));
  const opened = await openTestPostgres();
  const { database, url } = opened;
  const start = (name: string, role: string, skewMs: number) =>
    startServerProcess(join(root, name), {
      DATABASE_URL: url,
      TIGERQL_ROLE: role,
      LOG_LEVEL: 'warn',
      NODE_OPTIONS: `--require=${join(PACKAGE_ROOT, 'tests', 'support', 'skewed-clock.js')}`,
      CLOCK_SKEW_MS: String(skewMs),
    });
  const server = await start('server', 'serve', 0);
  const admin = testClient(server.url, ADMIN_KEY);
  await mutateWith(admin)('upsert-items', { items: littleItems() });
  await mutateWith(admin)('record-interactions', { interactions: littleInteractions() });
  const all: ServerProcess[] = [];
  const trainers: ServerProcess[] = [];
  let started = 0;
  const add = async (place: number) => {
    // One clock is a minute slow, the next one a minute fast.
    const trainer = await start(`trainer-${++started}`, 'train', started % 2 === 0 ? CLOCK_SKEW_MS : -CLOCK_SKEW_MS);
    all.push(trainer);
    trainers[place] = trainer;
  };
  for (let place = 0; place < count; place++) await add(place);

  return {
    database,
    admin,
    output: () => all.map((trainer) => trainer.output()).join(''),
    holderOf: (jobId, fence) =>
      until(async () => {
        const lease = await database.read.lease.findUnique({ where: { name: leaseName(jobId) } });
        const trainer = trainers.find(({ pid }) => lease?.holder.endsWith(`:${pid}`));
        return lease !== null && lease.fence > fence && trainer !== undefined && { trainer, fence: lease.fence };
      }),
    async replace(trainer) {
      await trainer.kill();
      await add(trainers.indexOf(trainer));
    },
    endLease: (jobId, fence) =>
      database.write((transaction) =>
        transaction.lease.updateMany({ where: { name: leaseName(jobId), fence }, data: { expiresAt: new Date() } }),
      ),
    async hashOf(jobId) {
      const { checkpointDir } = await database.read.modelVersion.findUniqueOrThrow({ where: { trainingJobId: jobId } });
      const blobs = new ChunkBlobs(url);
      const names = (await blobs.list(`${checkpointDir}/`)).sort();
      const hash = createHash('sha256');
      for (const name of names.filter((each) => !each.endsWith('/manifest.json')))
        hash.update(name.slice(checkpointDir.length)).update((await blobs.get(name))!);
      return hash.digest('hex');
    },
    async dispose() {
      for (const trainer of trainers) trainer.send('SIGCONT');
      await Promise.all([server, ...trainers].map((process) => process.kill()));
      await opened.dispose();
      await rm(root, { recursive: true, force: true });
    },
  };
}
