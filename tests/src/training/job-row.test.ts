import { presetConfig } from '../../../models/config';
import { bareProgress } from '../../../models/training/fit-input';
import type { TrainingJob } from '../../../prisma/generated/sqlite/client';
import { lastProgressEventId } from '../../../src/storage/last-ids';
import { progressRecord } from '../../../src/storage/records';
import { changeJob, type NewJob, storeJob } from '../../../src/training/job-row';
import { progressPageAfter, storeEvents } from '../../../src/training/progress-events';
import { storeTrainingJob } from '../../support/catalogue';
import { add, opened, test, tokenizerId, useCatalogue } from '../../support/catalogue-suite';
import { useTestDatabase } from '../../support/database';

describe('storeJob', () => {
  useCatalogue();
  const JOB: NewJob = { preset: 'tiny', config: presetConfig('tiny'), tokenizerId: null, activateWhenBetter: true };
  const store = (changes: Partial<NewJob> = {}) =>
    opened.database.write((transaction) => storeJob(transaction, { ...JOB, ...changes }));

  async function interact(itemExternalId: string): Promise<void> {
    await test.catalogue.recordInteractions([{ userExternalId: 'ann', itemExternalId, kind: 'VIEW' }]);
  }

  it('stores nothing while there are no items or no interactions', async () => {
    expect(await store()).toBeNull();
    await add({ externalId: 'a' });
    expect(await store()).toBeNull();
    expect(await opened.database.read.trainingJob.count()).toBe(0);
  });

  it('notes what there is to train on now, whatever is added later', async () => {
    const [a] = await add({ externalId: 'a' });
    await interact('a');
    const version = await test.catalogue.version();
    const job = await store();
    await add({ externalId: 'b' });
    expect(job).toMatchObject({
      status: 'QUEUED',
      lastItemId: a.id,
      catalogueVersion: version,
      seed: JOB.config.seed,
      reuseTokenizer: false,
      modelVersion: null,
    });
    expect(job!.lastInteractionId).toBeGreaterThan(0);
  });

  it('stores an event of the job', async () => {
    await add({ externalId: 'a' });
    await interact('a');
    const before = await lastProgressEventId(opened.database.read);
    const job = await store();
    const stored = await progressPageAfter(opened.database.read, before, null);
    expect(stored).toMatchObject([{ jobId: job!.id, phase: 'FEATURES', step: 0 }]);
  });

  it('gives each job a key of its own, and notes the tokenizer that it reuses', async () => {
    await add({ externalId: 'a' });
    await interact('a');
    const jobs = [await store(), await store({ tokenizerId: tokenizerId })];
    expect(new Set(jobs.map((job) => job!.key)).size).toBe(2);
    expect(jobs.map((job) => [job!.reuseTokenizer, job!.tokenizerId])).toEqual([[false, null], [true, tokenizerId]]); // prettier-ignore
  });
});

describe('changeJob', () => {
  const opened = useTestDatabase();
  let job: TrainingJob;
  beforeEach(async () => {
    job = await storeTrainingJob(opened.database, { status: 'QUEUED' });
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

  it('stores an event of a job that has not begun, as of one at its first step', async () => {
    await opened.database.write((transaction) => changeJob(transaction, job.id, { status: 'CANCELLED' }));
    expect(await stored()).toEqual({
      status: 'CANCELLED',
      events: [{ jobId: job.id, ...bareProgress('FEATURES', 0, 1) }],
    });
  });

  it('stores the progress that the job has now', async () => {
    const now = { jobId: job.id, ...bareProgress('SEQ2SEQ', 2, 9) };
    const data = { status: 'FAILED', progress: now as object };
    await opened.database.write((transaction) => changeJob(transaction, job.id, data));
    expect(await stored()).toEqual({ status: 'FAILED', events: [now] });
  });

  it('keeps the event also after thousands of reports, of which the oldest are removed', async () => {
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
});
