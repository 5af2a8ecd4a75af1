/** Reports a running job's progress: each report to the subscribers, at most one per second to the database. */
import type { TrainingProgressRecord } from '../../graphql/training/records';
import { bareProgress, type FitProgress, isFurther } from '../../models/training/fit-input';
import { LeaseLostError } from '../storage/leases';
import type { Transaction } from '../storage/transaction';
import { shareRuns } from '../waiting/promises';

const WRITE_EVERY_MS = 1_000;

export interface ReporterParts {
  /** The last progress of the job's former process; null: there was none. */
  readonly former: TrainingProgressRecord | null;
  /** Writes as the job's holder: rejects with a `LeaseLostError` when another process has the job. */
  readonly write: (work: (transaction: Transaction) => Promise<void>) => Promise<void>;
  /** Tells the subscribers. */
  readonly publishProgress: (record: TrainingProgressRecord) => void;
  /** Called when a write fails, but not again before one has succeeded. */
  readonly onFault: (error: unknown) => void;
  /** What every report tells besides. */
  readonly warnings: ReadonlySet<string>;
  /** Called when another process has the job. */
  readonly onLost: () => void;
}

interface Report {
  readonly record: TrainingProgressRecord;
  /** Whether it is for the database too. */
  readonly isDue: boolean;
}

export class ProgressReporter {
  private lastWriteMs = -Infinity;
  private lastSeen: FitProgress | null = null;
  /** Reports that nobody was told of yet, in the order of the calls. */
  private waiting: Report[] = [];
  /** Due reports whose write failed. They are tried again with the next report, due or not. */
  private unstored: TrainingProgressRecord[] = [];
  private isLost = false;
  /** Whether the database knows that this process got further than the former one. */
  private isFurther = false;
  /** What arrives during a write goes into the next one: a slow database gets fewer writes, not a queue of them. */
  private readonly flush = shareRuns(() => this.tellWaiting());

  constructor(
    private readonly jobId: number,
    private readonly parts: ReporterParts,
    /** Milliseconds; only differences count. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** A report for the database is stored first and published then. A write that fails keeps nobody from being told. */
  report(progress: FitProgress): void {
    const isDue = this.isDue(progress);
    this.lastSeen = progress;
    if (isDue) this.lastWriteMs = this.now();
    this.add({ record: { jobId: this.jobId, ...progress }, isDue });
  }

  /** Tells why the training does not go on. The next report, which is stored too, tells that it does. */
  wait(waitingFor: string): void {
    const progress = this.lastSeen ?? this.parts.former ?? bareProgress('FEATURES', 0, 1);
    this.lastWriteMs = -Infinity;
    this.add({ record: { jobId: this.jobId, ...progress, waitingFor }, isDue: true });
  }

  /** Resolves when the subscribers know all that was reported. */
  settled(): Promise<void> {
    return this.flush();
  }

  /** A new phase, and a measurement that the step before did not have, are rare and always stored. */
  private isDue({ phase, metrics }: FitProgress): boolean {
    if (this.lastSeen?.phase !== phase) return true;
    const names = new Set(this.lastSeen.metrics.map(({ name }) => name));
    return metrics.some(({ name }) => !names.has(name)) || this.now() - this.lastWriteMs >= WRITE_EVERY_MS;
  }

  private add({ record, isDue }: Report): void {
    const warnings = [...this.parts.warnings];
    this.waiting.push({ record: warnings.length === 0 ? record : { ...record, warnings }, isDue });
    void this.flush();
  }

  /** Never rejects. */
  private async tellWaiting(): Promise<void> {
    const reports = this.waiting;
    this.waiting = [];
    await this.store(reports.flatMap(({ record, isDue }) => (isDue ? [record] : [])));
    if (!this.isLost) for (const { record } of reports) this.parts.publishProgress(record);
  }

  private async store(due: readonly TrainingProgressRecord[]): Promise<void> {
    const records = [...this.unstored, ...due];
    if (records.length === 0 || this.isLost) return;
    try {
      await this.write(records);
      this.unstored = [];
    } catch (error) {
      if (error instanceof LeaseLostError) return this.lose();
      if (this.unstored.length === 0) this.parts.onFault(error);
      this.unstored = records;
    }
  }

  private lose(): void {
    this.isLost = true;
    this.parts.onLost();
  }

  private async write(records: readonly TrainingProgressRecord[]): Promise<void> {
    const { jobId } = this;
    const { former } = this.parts;
    const last = records[records.length - 1];
    const isNewlyFurther = !this.isFurther && former !== null && isFurther(last, former);
    await this.parts.write(async (transaction) => {
      await transaction.trainingJob.update({ where: { id: jobId }, data: { progress: last as object } });
      if (isNewlyFurther) await forgiveDeath(transaction, jobId);
      for (const record of records) {
        const { step } = record;
        const points = pointsOf(record);
        // After a restart some steps come again.
        const metric = { in: points.map((point) => point.metric) };
        await transaction.metricPoint.deleteMany({ where: { jobId, step, metric } });
        await transaction.metricPoint.createMany({ data: points.map((point) => ({ jobId, step, ...point })) });
      }
    });
    this.isFurther ||= isNewlyFurther;
  }
}

/**
 * The job got further than its former process, so one death is subtracted. Not all are: processes that die at about the same step report
 * sometimes a little more and sometimes a little less than the one before.
 */
async function forgiveDeath({ trainingJob }: Transaction, id: number): Promise<void> {
  await trainingJob.updateMany({ where: { id, deaths: { gt: 0 } }, data: { deaths: { decrement: 1 } } });
}

/** The sequence model's curves have plain names. The tokenizer counts steps of its own, so its names begin with `tokenizer.`. */
function pointsOf({ phase, loss, metrics }: TrainingProgressRecord): { metric: string; value: number }[] {
  const prefix = phase === 'SEQ2SEQ' ? '' : `${phase.toLowerCase()}.`;
  const values = metrics.map(({ name, value }) => ({ name, value }));
  const all = loss === null ? values : [{ name: 'loss', value: loss }, ...values];
  return all.filter(({ value }) => Number.isFinite(value)).map(({ name, value }) => ({ metric: prefix + name, value }));
}
