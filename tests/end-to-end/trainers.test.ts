import { run } from '../soak/trainers';
import { mutateWith } from '../support/trained-shop';
import { openTrainers, type Trainers } from '../support/trainers';

describe('trainers', () => {
  it('finish each other’s trainings with the same files, and activate each version once', () => run(2, 10), 900_000);

  describe('a job', () => {
    let fleet: Trainers;
    beforeAll(async () => {
      fleet = await openTrainers(1);
    }, 60_000);
    afterAll(() => fleet.dispose());

    it('is cancelled from a server that does not train', async () => {
      const { job } = await mutateWith(fleet.admin)('start-training', { preset: 'base' });
      const { id } = (await fleet.database.read.trainingJob.findFirst({ orderBy: { id: 'desc' } }))!;
      await fleet.holderOf(id, 0);
      const cancelled = await mutateWith(fleet.admin)('cancel-training', { jobId: job.id });
      expect(cancelled).toMatchObject({ job: { status: 'CANCELLED' }, userErrors: [] });
      while (!fleet.output().includes('The job was cancelled')) await new Promise(setImmediate);
      expect(await fleet.database.read.trainingJob.findUnique({ where: { id } })).toMatchObject({
        status: 'CANCELLED',
      });
      expect(await fleet.database.read.modelVersion.count()).toBe(0);
    }, 60_000);
  });
});
