import { Registry } from 'prom-client';

import { measureDatabase, measureServing, type ServingParts } from '../../../src/process/measurements';
import { storeFakeModel, storeTrainingJob } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('measureServing and measureDatabase', () => {
  let opened: TestDatabase;
  beforeEach(async () => {
    opened = await openTestDatabase();
  });
  afterEach(() => opened.dispose());

  async function linesOf(read: ServingParts['read'], modelVersionId: number | null = 7) {
    const registry = new Registry();
    const log = { position: { followed: 5, newest: 9, behindMs: 1_500, isForked: false } };
    const pool = { readyCount: 1, size: 3, modelVersionId };
    measureServing(registry, { read, pool, queue: { waitingUsers: 4 }, log });
    measureDatabase(registry, { ...opened.database, read });
    const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('tigerql_'));
    return lines.map((line) => line.slice('tigerql_'.length));
  }

  it('tells how far behind the server is, what it waits for, and the jobs that wait and run', async () => {
    const { modelVersionId } = await storeFakeModel(opened, { number: 27, status: 'ACTIVE' });
    const statuses = ['QUEUED', 'QUEUED', 'RUNNING', 'SUCCEEDED'];
    await Promise.all(statuses.map((status, i) => storeTrainingJob(opened.database, { key: `k${i}`, status })));
    expect(await linesOf(opened.database.read, modelVersionId)).toEqual([
      'waiting_users 4',
      'decode_workers{state="ready"} 1',
      'decode_workers{state="lost"} 2',
      'model_version 27',
      'catalogue_version 5',
      'follower_lag_changes 4',
      'follower_lag_seconds 1.5',
      'training_jobs{status="queued"} 2',
      'training_jobs{status="running"} 1',
      ...['used', 'idle', 'waiting'].map((state) => `database_connections{state="${state}"} 0`),
    ]);
    expect(await linesOf(opened.database.read, null)).toContain('model_version 0');
  });

  it('answers also while the database hangs or fails', async () => {
    const reading = (ask: () => Promise<never>) =>
      ({ trainingJob: { count: ask }, modelVersion: { findUnique: ask } }) as unknown as ServingParts['read'];
    const hanging = reading(() => new Promise<never>(() => undefined));
    const failing = reading(() => Promise.reject(new Error('away')));
    for (const read of [hanging, failing])
      expect(await linesOf(read)).toEqual(
        expect.arrayContaining(['model_version Nan', 'follower_lag_changes 4', 'training_jobs{status="queued"} Nan']),
      );
  });
});
