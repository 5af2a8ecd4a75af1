import { measure, type MeasuredParts } from '../../../src/process/measurements';
import { storeFakeModel } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('measure', () => {
  let opened: TestDatabase;
  beforeEach(async () => {
    opened = await openTestDatabase();
  });
  afterEach(() => opened.dispose());

  const parts = (database: MeasuredParts['database'] = opened.database): MeasuredParts => ({
    database,
    serving: {
      pool: { readyCount: 1, size: 3, modelVersionId: 7 },
      queue: { waitingUsers: 4 },
      log: { position: { followed: 5, newest: 9, behindMs: 1_500, isForked: false } },
    },
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
    });
  });

  it('answers also while the database hangs or fails', async () => {
    const reading = (ask: () => Promise<never>) =>
      ({
        ...opened.database,
        read: { trainingJob: { count: ask }, modelVersion: { findUnique: ask } },
      }) as unknown as MeasuredParts['database'];
    const hanging = reading(() => new Promise<never>(() => undefined));
    const failing = reading(() => Promise.reject(new Error('away')));
    for (const database of [hanging, failing])
      expect(await measure(parts(database))).toMatchObject({
        serving: { lagChanges: 4, modelVersion: null },
        jobs: null,
      });
  });
});
