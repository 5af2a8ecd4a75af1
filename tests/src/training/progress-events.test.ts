import { plainMetric } from '../../../models/evaluation/metrics';
import { bareProgress, type FitProgress } from '../../../models/training/fit-input';
import type { Database } from '../../../src/storage/database';
import { endLease, holdLease, type Lease, releaseLease, takeLease } from '../../../src/storage/leases';
import type { Transaction } from '../../../src/storage/transaction';
import { leaseName } from '../../../src/training/job-row';
import { JobProgress, ProgressEvents, progressPageAfter } from '../../../src/training/progress-events';
import { RecordingHub, storeTrainingJob } from '../../support/catalogue';
import { describeTwoProcesses } from '../../support/two-processes';

const at = (step: number, changes: Partial<FitProgress> = {}): FitProgress => ({
  ...bareProgress('SEQ2SEQ', step, 99),
  loss: step,
  ...changes,
});

describeTwoProcesses('the progress of trainings', (two) => {
  interface Holder {
    readonly jobId: number;
    readonly progress: JobProgress;
    readonly lease: Lease;
    readonly errors: unknown[];
  }

  /** Adds a job and takes it. @param former - The last step of a former process. */
  async function holdJob(former: number | null = null, database: Database = two.opened.database): Promise<Holder> {
    const { id: jobId } = await storeTrainingJob(database);
    const lease = (await database.write((transaction) => takeLease(transaction, leaseName(jobId))))!;
    const errors: unknown[] = [];
    const progress = new JobProgress({
      jobId,
      former: former === null ? null : { jobId, ...at(former) },
      write: (work) =>
        database.write(async (transaction) => {
          await holdLease(transaction, lease);
          await work(transaction);
        }),
      onError: (error) => errors.push(error),
    });
    return { jobId, progress, lease, errors };
  }

  async function serverOn({ read }: Database) {
    const hub = new RecordingHub();
    const events = new ProgressEvents(read, hub);
    await events.follow();
    return { events, published: () => hub.published('TRAINING_PROGRESS') };
  }

  const rowOf = ({ jobId }: Holder) => two.opened.database.read.trainingJob.findUniqueOrThrow({ where: { id: jobId } });
  const pointsOf = async ({ jobId }: Holder) => {
    const rows = await two.opened.database.read.metricPoint.findMany({
      where: { jobId },
      orderBy: [{ step: 'asc' }, { metric: 'asc' }],
    });
    return rows.map(({ metric, step, value }) => `${metric} ${step}: ${value}`);
  };

  async function report({ progress }: Holder, ...reports: FitProgress[]): Promise<void> {
    for (const one of reports) progress.report(one);
    await progress.settled();
  }

  describe('JobProgress', () => {
    it('says that it waits at the step that the former process has reached, until it reports one itself', async () => {
      const holder = await holdJob(7);
      holder.progress.wait('a full disk');
      await holder.progress.settled();
      expect((await rowOf(holder)).progress).toEqual({ jobId: holder.jobId, ...at(7), waitingFor: 'a full disk' });
      await report(holder, at(8));
      expect((await rowOf(holder)).progress).toEqual({ jobId: holder.jobId, ...at(8) });
    });

    it('repeats every warning from its next report on', async () => {
      const { events, published } = await serverOn(two.opened.database);
      const holder = await holdJob();
      await report(holder, at(1));
      holder.progress.warnings.add('Few codes are used.');
      await report(holder, at(2));
      await events.follow();
      expect(published().map(({ warnings }) => warnings)).toEqual([undefined, ['Few codes are used.']]);
    });

    it('stores points of a new phase, of a new metric, and of one report a second', async () => {
      const holder = await holdJob();
      const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
      await report(holder, at(3, { phase: 'TOKENIZER' }), at(1), at(2));
      await report(holder, at(3, { metrics: [plainMetric('validation.ndcg@10', 0.5)] }), at(4));
      clock.mockReturnValue(1_000);
      await report(holder, at(5), at(6));
      clock.mockRestore();
      expect(await pointsOf(holder)).toEqual([
        'loss 1: 1',
        'loss 3: 3',
        'tokenizer.loss 3: 3',
        'validation.ndcg@10 3: 0.5',
        'loss 5: 5',
      ]);
    });

    const takeOver = async (transaction: Transaction, name: string) => {
      await releaseLease(transaction, { name, fence: 1 });
      await takeLease(transaction, name);
    };

    it.each([
      ['is cancelled', endLease],
      ['another process has taken', takeOver],
    ])('stores nothing more of a job that %s, and all of the next one', async (_, lose) => {
      const { events, published } = await serverOn(two.opened.database);
      const [lost, next] = [await holdJob(), await holdJob()];
      await two.other.write((transaction) => lose(transaction, lost.lease.name));
      for (const holder of [lost, next]) await report(holder, at(1));
      await events.follow();
      expect(published().map(({ jobId }) => jobId)).toEqual([next.jobId]);
      expect(lost.errors).toEqual([expect.objectContaining({ name: 'LeaseLostError' })]);
    });
  });

  describe('ProgressEvents', () => {
    it('publishes every event to the subscribers of every process, once and in order', async () => {
      const servers = [await serverOn(two.opened.database), await serverOn(two.other)];
      const holder = await holdJob();
      const steps = Array.from({ length: 586 }, (_, step) => step);
      for (const step of steps) {
        holder.progress.report(at(step));
        if (step % 50 === 0) await Promise.all(servers.map(({ events }) => events.follow()));
      }
      await holder.progress.settled();
      for (const { events, published } of servers) {
        await events.follow();
        await events.follow();
        expect(published().map(({ step }) => step)).toEqual(steps);
      }
      expect(servers[1].published()).toEqual(servers[0].published());
      expect(holder.errors).toEqual([]);
    });

    it('publishes events that two processes store at the same moment', async () => {
      const { events, published } = await serverOn(two.opened.database);
      const holders = [await holdJob(), await holdJob(null, two.other)];
      for (let step = 0; step < 20; step++) {
        for (const { progress } of holders) progress.report(at(step));
        await events.follow();
      }
      await Promise.all(holders.map(({ progress }) => progress.settled()));
      await events.follow();
      for (const { jobId } of holders) {
        const own = published().filter((each) => each.jobId === jobId);
        expect(own.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, step) => step));
      }
    });

    it('gives a subscriber that comes back what it has missed, page by page', async () => {
      const { events, published } = await serverOn(two.opened.database);
      const holder = await holdJob();
      await report(holder, ...Array.from({ length: 300 }, (_, step) => at(step)));
      await events.follow();
      const page = (after: number, jobId: number) => progressPageAfter(two.other.read, after, jobId);
      const first = await page(published()[0].event!, holder.jobId);
      const others = await page(first.at(-1)!.event, holder.jobId);
      expect([first.length, [...first, ...others]]).toEqual([250, published().slice(1)]);
      expect(await page(published()[1].event!, holder.jobId + 1)).toEqual([]);
    });
  });
});
