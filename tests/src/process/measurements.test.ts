import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { measure, type MeasuredParts } from '../../../src/process/measurements';
import { jobName } from '../../../src/training/job-folders';
import { storeFakeModel, storeTrainingJob } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { temporaryFolder } from '../../support/temporary-folder';

describe('measure', () => {
  let opened: TestDatabase;
  let dataDir: string;
  beforeEach(async () => {
    opened = await openTestDatabase();
    dataDir = temporaryFolder();
  });
  afterEach(() => opened.dispose());

  const parts = (database: MeasuredParts['database'] = opened.database): MeasuredParts => ({
    database,
    serving: {
      pool: { readyCount: 1, size: 3, modelVersionId: 7 },
      queue: { waitingUsers: 4 },
      log: { position: { followed: 5, newest: 9, behindMs: 1_500, isForked: false } },
    },
    dataDir,
  });

  it('tells how far behind the server is, and what it waits for', async () => {
    const { modelVersionId } = await storeFakeModel(opened, { number: 27, status: 'ACTIVE' });
    const { serving, ...others } = parts();
    const pool = { readyCount: 1, size: 3, modelVersionId };
    expect(await measure({ ...others, serving: { ...serving!, pool } })).toMatchObject({
      serving: {
        waitingUsers: 4,
        readyWorkers: 1,
        lostWorkers: 2,
        modelVersion: 27,
        followedVersion: 5,
        lagChanges: 4,
        lagSeconds: 1.5,
      },
      jobs: { queued: 0, running: 0 },
      stateAgeSeconds: null,
    });
  });

  it('counts the jobs that wait and run, and knows the age of the newest state', async () => {
    const statuses = ['QUEUED', 'QUEUED', 'RUNNING', 'SUCCEEDED'];
    const stored = statuses.map((status, i) => storeTrainingJob(opened.database, { key: `k${i}`, status }));
    const jobs = await Promise.all(stored);
    for (const [phase, ageSeconds] of [
      ['old', 600],
      ['new', 60],
    ] as const) {
      const dir = join(dataDir, 'work', '1', jobName(jobs[2]), phase);
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(dir, 'manifest.json'), '{}');
      const at = Date.now() / 1000 - ageSeconds;
      utimesSync(join(dir, 'manifest.json'), at, at);
    }
    const { jobs: counted, stateAgeSeconds } = await measure(parts());
    expect(counted).toEqual({ queued: 2, running: 1 });
    expect(stateAgeSeconds).toBeGreaterThanOrEqual(60);
    expect(stateAgeSeconds).toBeLessThan(600);
  });

  it('answers also while the database hangs or fails', async () => {
    const reading = (findMany: () => Promise<never>) =>
      ({
        ...opened.database,
        read: { trainingJob: { findMany }, modelVersion: { findUnique: findMany } },
      }) as unknown as MeasuredParts['database'];
    const hanging = reading(() => new Promise<never>(() => undefined));
    const failing = reading(() => Promise.reject(new Error('away')));
    for (const database of [hanging, failing])
      expect(await measure(parts(database))).toMatchObject({
        serving: { lagChanges: 4, modelVersion: null },
        jobs: null,
        stateAgeSeconds: null,
      });
  });
});
