import { bareProgress } from '../../../models/training/fit-input';
import type { TrainingJob } from '../../../prisma/generated/sqlite/client';
import { lastProgressEventId } from '../../../src/storage/last-ids';
import { progressRecord } from '../../../src/storage/records';
import { changeJob } from '../../../src/training/change-job';
import { progressPageAfter, storeEvents } from '../../../src/training/progress-events';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('changeJob', () => {
  let opened: TestDatabase;
  let job: TrainingJob;
  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());
  beforeEach(async () => {
    const scope = { lastItemId: 1, lastInteractionId: 1, catalogueVersion: 1 };
    const flags = { status: 'QUEUED', reuseTokenizer: false, activateWhenBetter: false };
    const data = { ...scope, ...flags, preset: 'tiny', config: {}, seed: 1 };
    job = await opened.database.write(({ trainingJob }) => trainingJob.create({ data }));
  });

  const status = async () =>
    (await opened.database.read.trainingJob.findUniqueOrThrow({ where: { id: job.id } })).status;
  const events = async () => {
    const rows = await opened.database.read.progressEvent.findMany({
      where: { jobId: job.id },
      orderBy: { id: 'asc' },
    });
    return rows.map(({ record }) => progressRecord(record));
  };
  const stored = async () => ({ status: await status(), events: await events() });

  it('tells of a job that has not begun, as of one at its first step', async () => {
    await opened.database.write((transaction) => changeJob(transaction, job.id, { status: 'CANCELLED' }));
    expect(await stored()).toEqual({
      status: 'CANCELLED',
      events: [{ jobId: job.id, ...bareProgress('FEATURES', 0, 1) }],
    });
  });

  it('tells the progress that the job has now, after the earlier events', async () => {
    const [earlier, now] = [1, 2].map((step) => ({ jobId: job.id, ...bareProgress('SEQ2SEQ', step, 9) }));
    const data = { status: 'FAILED', progress: now as object };
    await opened.database.write((transaction) => changeJob(transaction, job.id, data, [earlier]));
    expect(await stored()).toEqual({ status: 'FAILED', events: [earlier, now] });
  });

  it('tells of it also after thousands of reports, of which the oldest are removed', async () => {
    const { write, read } = opened.database;
    const before = await lastProgressEventId(read);
    await write((transaction) => changeJob(transaction, job.id, { status: 'CANCELLED' }));
    const reports = Array.from({ length: 10_001 }, (_, step) => ({
      jobId: 0,
      ...bareProgress('SEQ2SEQ', step, 20_000),
    }));
    await write((transaction) => storeEvents(transaction, reports));
    const [first, second] = await progressPageAfter(read, before, null);
    expect([first.jobId, second.step]).toEqual([job.id, 1]);
  });

  it('leaves neither where the transaction ends without the other', async () => {
    const killed = opened.database.write(async (transaction) => {
      await changeJob(transaction, job.id, { status: 'FAILED' });
      throw new Error('killed');
    });
    await expect(killed).rejects.toThrow('killed');
    expect(await stored()).toEqual({ status: 'QUEUED', events: [] });
  });
});
