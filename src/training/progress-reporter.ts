/** Reports a running job's progress: each report to the subscribers, at most one a second to the database. */
import type { TrainingProgressRecord } from '../../graphql/common/records';
import type { TopicHub } from '../../graphql/topics';
import type { FitProgress } from '../../models/training/fit-input';
import type { Database } from '../storage/database';

const WRITE_EVERY_MS = 1_000;

export class ProgressReporter {
  private lastWriteMs = -Infinity;
  private lastSeen: FitProgress | null = null;
  private told: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly hub: TopicHub,
    private readonly jobId: number,
    /** Milliseconds; only differences count. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Tells in the order of the calls; what is kept is told after it is kept. */
  report(progress: FitProgress): void {
    const isDue = this.isDue(progress);
    this.lastSeen = progress;
    if (isDue) this.lastWriteMs = this.now();
    const record = { jobId: this.jobId, ...progress };
    this.told = this.told.then(async () => {
      if (isDue) await this.keep(record);
      this.hub.publish('TRAINING_PROGRESS', record);
    });
    // Nobody waits for it yet: `settled` hands the failure on.
    this.told.catch(() => undefined);
  }

  /** Resolves when all that was reported is told; rejects when something could not be kept. */
  settled(): Promise<void> {
    return this.told;
  }

  /** A new phase, and a measurement that the step before did not have, are rare and always kept. */
  private isDue({ phase, metrics }: FitProgress): boolean {
    if (this.lastSeen?.phase !== phase) return true;
    const names = new Set(this.lastSeen.metrics.map(({ name }) => name));
    return metrics.some(({ name }) => !names.has(name)) || this.now() - this.lastWriteMs >= WRITE_EVERY_MS;
  }

  private async keep(record: TrainingProgressRecord): Promise<void> {
    const { jobId, step } = record;
    const points = pointsOf(record);
    await this.database.write(async (transaction) => {
      await transaction.trainingJob.update({ where: { id: jobId }, data: { progress: record as object } });
      // After a restart some steps come again.
      const metric = { in: points.map((point) => point.metric) };
      await transaction.metricPoint.deleteMany({ where: { jobId, step, metric } });
      await transaction.metricPoint.createMany({ data: points.map((point) => ({ jobId, step, ...point })) });
    });
  }
}

/** The sequence model's curves have plain names; the tokenizer's, whose steps count anew, begin with `tokenizer.`. */
function pointsOf({ phase, loss, metrics }: TrainingProgressRecord): { metric: string; value: number }[] {
  const prefix = phase === 'SEQ2SEQ' ? '' : `${phase.toLowerCase()}.`;
  const values = metrics.map(({ name, value }) => ({ name, value }));
  const all = loss === null ? values : [{ name: 'loss', value: loss }, ...values];
  return all.filter(({ value }) => Number.isFinite(value)).map(({ name, value }) => ({ metric: prefix + name, value }));
}
