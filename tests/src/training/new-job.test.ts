import { presetConfig } from '../../../models/config';
import { lastProgressEventId } from '../../../src/storage/last-ids';
import { type NewJob, storeJob } from '../../../src/training/new-job';
import { progressPageAfter } from '../../../src/training/progress-events';
import { smallCatalogue } from '../../support/small-catalogue';

describe('storeJob', () => {
  const small = smallCatalogue();
  const JOB: NewJob = { preset: 'tiny', config: presetConfig('tiny'), tokenizerId: null, activateWhenBetter: true };
  const store = (changes: Partial<NewJob> = {}) =>
    small.opened.database.write((transaction) => storeJob(transaction, { ...JOB, ...changes }));

  async function interact(itemExternalId: string): Promise<void> {
    await small.test.catalogue.recordInteractions([{ userExternalId: 'ann', itemExternalId, kind: 'VIEW' }]);
  }

  it('stores nothing while there are no items or no interactions', async () => {
    expect(await store()).toBeNull();
    await small.add({ externalId: 'a' });
    expect(await store()).toBeNull();
    expect(await small.opened.database.read.trainingJob.count()).toBe(0);
  });

  it('notes what there is to train on now, whatever is added later', async () => {
    const [a] = await small.add({ externalId: 'a' });
    await interact('a');
    const version = await small.test.catalogue.version();
    const job = await store();
    await small.add({ externalId: 'b' });
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

  it('tells the subscribers of the job', async () => {
    await small.add({ externalId: 'a' });
    await interact('a');
    const before = await lastProgressEventId(small.opened.database.read);
    const job = await store();
    const told = await progressPageAfter(small.opened.database.read, before, null);
    expect(told).toMatchObject([{ jobId: job!.id, phase: 'FEATURES', step: 0 }]);
  });

  it('gives each job a key of its own, and notes the tokenizer that it reuses', async () => {
    await small.add({ externalId: 'a' });
    await interact('a');
    const jobs = [await store(), await store({ tokenizerId: small.tokenizerId })];
    expect(new Set(jobs.map((job) => job!.key)).size).toBe(2);
    expect(jobs.map((job) => [job!.reuseTokenizer, job!.tokenizerId])).toEqual([[false, null], [true, small.tokenizerId]]); // prettier-ignore
  });
});
