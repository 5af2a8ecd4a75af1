/**
 * The progress of trainings. The process of a job stores its reports: the newest in the job's row, points of its curves, and an event of
 * each. Every process, that one too, reads the stored events in their order and publishes them to its own subscribers.
 */
import type { TopicHub } from '../../graphql/topics';
import type { TrainingProgressRecord } from '../../graphql/training/records';
import { bareProgress, type FitProgress } from '../../models/training/fit-input';
import { readInPages } from '../storage/bulk-reads';
import { insertRows } from '../storage/bulk-rows';
import type { Database } from '../storage/database';
import { lastProgressEventId } from '../storage/last-ids';
import { progressRecord } from '../storage/records';
import type { Transaction } from '../storage/transaction';
import { pause } from '../waiting/polling';
import { shareRuns } from '../waiting/promises';

/** Some hours of a long training, or ten short ones. Events of another status of a job are kept besides, and for good. */
const MAX_KEPT = 10_000;
/** Reports that come within this time are stored together, this many at most. */
const WRITE_EVERY_MS = 100;
const REPORTS_PER_WRITE = 250;
const POINTS_EVERY_MS = 1_000;
/** A subscriber that comes back reads this many stored events at a time. */
const EVENTS_PER_PAGE = 250;

export interface JobProgressParts {
  readonly jobId: number;
  /** The last progress of the job's former process; null: there was none. */
  readonly former: TrainingProgressRecord | null;
  /** Runs a transaction as the job's holder, and again until the database answers. */
  readonly write: (work: (transaction: Transaction) => Promise<void>) => Promise<void>;
  /** Called when reports are given up: the database refuses them, or the job is no longer this process's. */
  readonly onError: (error: unknown) => void;
}

interface Report {
  readonly record: TrainingProgressRecord;
  /** True when its figures become points of the job's curves. */
  readonly hasPoints: boolean;
}

/** Stores the reports of one running job. */
export class JobProgress {
  /** Messages for people about the training; every report has them. */
  readonly warnings: Set<string>;
  private last: FitProgress;
  private pointsAtMs = -Infinity;
  private waiting: Report[] = [];
  private readonly end = new AbortController();
  private readonly flush = shareRuns(() => this.storeWaiting());

  constructor(private readonly parts: JobProgressParts) {
    const { former } = parts;
    this.last = former ?? bareProgress('FEATURES', 0, 1);
    this.warnings = new Set(former?.warnings);
  }

  /** Stores a report soon. */
  report(progress: FitProgress): void {
    const hasPoints = this.hasPoints(progress);
    if (hasPoints) this.pointsAtMs = performance.now();
    this.last = progress;
    this.add({ jobId: this.parts.jobId, ...progress }, hasPoints);
  }

  /** Reports why the training does not go on. The next report says that it does. */
  wait(waitingFor: string): void {
    this.add({ ...this.last, jobId: this.parts.jobId, waitingFor }, false);
  }

  /** Resolves when all reports are stored or given up. */
  settled(): Promise<void> {
    this.end.abort();
    return this.flush();
  }

  /** A new phase, and a measurement that the step before did not have, are rare and always stored. */
  private hasPoints({ phase, metrics }: FitProgress): boolean {
    const isNew = ({ name }: { readonly name: string }) => !this.last.metrics.some((metric) => metric.name === name);
    const isDue = performance.now() - this.pointsAtMs >= POINTS_EVERY_MS;
    return isDue || this.last.phase !== phase || metrics.some(isNew);
  }

  private add(record: TrainingProgressRecord, hasPoints: boolean): void {
    const warnings = [...this.warnings];
    this.waiting.push({ record: warnings.length === 0 ? record : { ...record, warnings }, hasPoints });
    if (this.waiting.length > MAX_KEPT) this.waiting.shift();
    void this.flush();
  }

  /** Never rejects. */
  private async storeWaiting(): Promise<void> {
    const { write, onError } = this.parts;
    while (this.waiting.length > 0) {
      const reports = this.waiting.splice(0, REPORTS_PER_WRITE);
      await write((transaction) => storeReports(transaction, reports)).catch(onError);
      await pause(WRITE_EVERY_MS, this.end.signal);
    }
  }
}

async function storeReports(transaction: Transaction, reports: readonly Report[]): Promise<void> {
  const records = reports.map(({ record }) => record);
  const last = records[records.length - 1];
  await transaction.trainingJob.update({ where: { id: last.jobId }, data: { progress: last as object } });
  for (const { record, hasPoints } of reports) if (hasPoints) await storePoints(transaction, record);
  await storeEvents(transaction, records);
}

/** After a restart some steps come again: their new values replace the former ones. */
async function storePoints({ metricPoint }: Transaction, record: TrainingProgressRecord): Promise<void> {
  const { jobId, step } = record;
  const points = pointsOf(record);
  await metricPoint.deleteMany({ where: { jobId, step, metric: { in: points.map(({ metric }) => metric) } } });
  await metricPoint.createMany({ data: points.map((point) => ({ jobId, step, ...point })) });
}

/** The sequence model's curves have plain names. The tokenizer counts steps of its own, so its names begin with `tokenizer.`. */
function pointsOf({ phase, loss, metrics }: TrainingProgressRecord): { metric: string; value: number }[] {
  const prefix = phase === 'SEQ2SEQ' ? '' : `${phase.toLowerCase()}.`;
  const values = metrics.map(({ name, value }) => ({ name, value }));
  const all = loss === null ? values : [{ name: 'loss', value: loss }, ...values];
  return all.filter(({ value }) => Number.isFinite(value)).map(({ name, value }) => ({ metric: prefix + name, value }));
}

/**
 * @param records - In the order in which subscribers get them.
 * @param change - Comes after them; its job has another status.
 */
export async function storeEvents(
  transaction: Transaction,
  records: readonly TrainingProgressRecord[],
  change: TrainingProgressRecord | null = null,
): Promise<void> {
  const rows = [...records, ...(change === null ? [] : [change])].map((record) => ({
    jobId: record.jobId,
    record: record as object,
    isStatusChange: record === change,
  }));
  await insertRows(transaction, 'ProgressEvent', rows);
  const newest = await lastProgressEventId(transaction);
  await transaction.progressEvent.deleteMany({ where: { isStatusChange: false, id: { lte: newest - MAX_KEPT } } });
}

/** Publishes the stored events to the subscribers of this process. */
export class ProgressEvents {
  /** The last event that was published; null before the first look. */
  private last: number | null = null;

  constructor(
    private readonly read: Database['read'],
    private readonly hub: Pick<TopicHub, 'publish'>,
  ) {}

  /** Publishes what is new. The first call publishes nothing: it only notes where the events are. */
  async follow(): Promise<void> {
    if (this.last === null) {
      this.last = await lastProgressEventId(this.read);
      return;
    }
    // Transactions commit one after another, so in the order of the ids.
    const page = (after: number, take: number) => progressPageAfter(this.read, after, null, take);
    for (const event of await readInPages(this.last, page, (each) => each.event)) {
      this.hub.publish('TRAINING_PROGRESS', event);
      this.last = event.event;
    }
  }
}

/** @returns The first `take` of the stored events after this one, of one job or (null) of all, in their order. */
export async function progressPageAfter(
  client: Transaction,
  event: number,
  jobId: number | null,
  take = EVENTS_PER_PAGE,
): Promise<(TrainingProgressRecord & { readonly event: number })[]> {
  const rows = await client.progressEvent.findMany({
    where: { id: { gt: event }, ...(jobId !== null && { jobId }) },
    orderBy: { id: 'asc' },
    take,
  });
  return rows.map(({ id, record }) => ({ ...progressRecord(record), event: id }));
}
