/**
 * The progress of trainings for the subscribers of every process. The process of a job puts its events in here, where they are stored;
 * those of another status are stored with the status (change-job.ts). Every process, that one too, reads the stored events in their
 * order and tells its own subscribers.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import type { TopicHub } from '../../graphql/topics';
import type { TrainingProgressRecord } from '../../graphql/training/records';
import { readInPages } from '../storage/bulk-reads';
import { insertRows } from '../storage/bulk-rows';
import { sendHint } from '../storage/change-hints';
import type { Database } from '../storage/database';
import { untilAnswered } from '../storage/database-error';
import { lastProgressEventId } from '../storage/last-ids';
import type { Lease } from '../storage/leases';
import { progressRecord } from '../storage/records';
import type { Transaction } from '../storage/transaction';
import { shareRuns } from '../waiting/promises';

/** Some hours of a long training, or ten short ones. What tells of another status of a job is kept besides, and for good. */
const MAX_KEPT = 10_000;
/** Events that come within this time are stored together, this many at most. */
const WRITE_EVERY_MS = 100;
const EVENTS_PER_WRITE = 250;
/** A subscriber that comes back reads this many stored events at a time. */
const EVENTS_PER_PAGE = 250;

export interface ProgressEventsParts {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly hub: Pick<TopicHub, 'publish'>;
  /** Called when events cannot be stored. They are tried again while the database gives no answer; else they are lost. */
  readonly onFault: (error: unknown) => void;
}

export class ProgressEvents {
  private waiting: Waiting[] = [];
  /** The last event that was told; null before the first look. */
  private last: number | null = null;
  private readonly end = new AbortController();
  private readonly flush = shareRuns(() => this.storeWaiting());

  constructor(private readonly parts: ProgressEventsParts) {}

  /** Stores an event soon, if the job's lease is still this one then, and drops it if not. */
  readonly put = (record: TrainingProgressRecord, lease: Lease): void => {
    this.waiting.push({ record: { ...record, key: randomUUID() }, lease });
    if (this.waiting.length > MAX_KEPT) this.waiting.shift();
    void this.flush();
  };

  /** @returns What was put in and nobody has begun to store, for whoever stores it with something else. */
  readonly takeWaiting = (): TrainingProgressRecord[] => this.waiting.splice(0).map(({ record }) => record);

  /** Tells the subscribers of this process what is new. The first call tells nothing: it only notes where the events are. */
  async follow(): Promise<void> {
    const { read } = this.parts.database;
    if (this.last === null) {
      this.last = await lastProgressEventId(read);
      return;
    }
    // Transactions commit one after another, so in the order of the ids.
    for (const event of await progressEventsAfter(read, this.last, null)) {
      this.parts.hub.publish('TRAINING_PROGRESS', event);
      this.last = event.event;
    }
  }

  /** Resolves when all that was put in is stored, or cannot be now. From now on nothing is tried again. */
  settled(): Promise<void> {
    this.end.abort();
    return this.flush();
  }

  /** Never rejects. */
  private async storeWaiting(): Promise<void> {
    const { onFault } = this.parts;
    const { signal } = this.end;
    while (this.waiting.length > 0) {
      const waiting = this.waiting.splice(0, EVENTS_PER_WRITE);
      let attempts = 0;
      const store = () => this.store(waiting, attempts++ > 0);
      await untilAnswered(store, { onFault, signal }).catch((error: unknown) => {
        if (!signal.aborted) onFault(error);
      });
      await setTimeout(WRITE_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @param isAgain - Another attempt may have stored them, and only its answer was lost. */
  private async store(waiting: readonly Waiting[], isAgain: boolean): Promise<void> {
    await this.parts.database.write(async (transaction) => {
      const records = await ofHolders(transaction, waiting);
      if (records.length === 0 || (isAgain && (await isStored(transaction, records)))) return;
      await storeEvents(transaction, records);
    });
  }
}

/**
 * @param records - In the order in which subscribers get them.
 * @param change - Comes after them, and tells that its job has another status.
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
  sendHint(transaction, 'training', rows[rows.length - 1].jobId);
}

interface Waiting {
  readonly record: KeyedProgress;
  /** Of whoever tells it. */
  readonly lease: Lease;
}

/** A process that slept, or has not heard yet that its job was cancelled, would tell of steps after the job's end. */
async function ofHolders({ lease }: Transaction, waiting: readonly Waiting[]): Promise<KeyedProgress[]> {
  const names = [...new Set(waiting.map((each) => each.lease.name))];
  const leases = await lease.findMany({ where: { name: { in: names } } });
  const fences = new Map(leases.map(({ name, fence }) => [name, fence]));
  return waiting.flatMap((each) => (fences.get(each.lease.name) === each.lease.fence ? each.record : []));
}

/** As it is stored: the key tells it from an equal one. */
type KeyedProgress = TrainingProgressRecord & { readonly key: string };

/** All are stored together, or none. Few processes tell of one job, so its last events are those of the last attempts. */
async function isStored({ progressEvent }: Transaction, [{ jobId, key }]: readonly KeyedProgress[]): Promise<boolean> {
  const rows = await progressEvent.findMany({ where: { jobId }, orderBy: { id: 'desc' }, take: 2 * EVENTS_PER_WRITE });
  return rows.some(({ record }) => (record as Partial<KeyedProgress>).key === key);
}

type NumberedProgress = TrainingProgressRecord & { readonly event: number };

/** @returns The stored events after this one, of one job or (null) of all, in their order. */
function progressEventsAfter(client: Transaction, event: number, jobId: number | null): Promise<NumberedProgress[]> {
  return readInPages(
    event,
    (after, take) => progressPageAfter(client, after, jobId, take),
    (each) => each.event,
  );
}

/** @returns The first `take` of the stored events after this one, of one job or (null) of all, in their order. */
export async function progressPageAfter(
  client: Transaction,
  event: number,
  jobId: number | null,
  take = EVENTS_PER_PAGE,
): Promise<NumberedProgress[]> {
  const rows = await client.progressEvent.findMany({
    where: { id: { gt: event }, ...(jobId !== null && { jobId }) },
    orderBy: { id: 'asc' },
    take,
  });
  return rows.map(({ id, record }) => ({ ...progressRecord(record), event: id }));
}
