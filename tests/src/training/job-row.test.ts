import { bareProgress } from '../../../models/training/fit-input';
import type { TrainingJob } from '../../../prisma/generated/sqlite/client';
import { lastProgressEventId } from '../../../src/storage/last-ids';
import { changeJob } from '../../../src/training/job-row';
import { progressPageAfter, storeEvents } from '../../../src/training/progress-events';
import { storeTrainingJob } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';

describe('changeJob', () => {
  const opened = useTestDatabase();
  let job: TrainingJob;
  beforeEach(async () => {
    job = await storeTrainingJob(opened.database, { status: 'QUEUED' });
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
