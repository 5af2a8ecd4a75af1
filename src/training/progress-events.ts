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
import { sendHint } from '../storage/change-hints';
import type { Database } from '../storage/database';
import { lastProgressEventId } from '../storage/last-ids';
import { progressRecord } from '../storage/records';
import type { Transaction } from '../storage/transaction';
import { untilAnswered } from '../storage/until-answered';
import { sharedRun } from '../waiting/shared-run';

/** Some hours of a long training, or ten short ones. */
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
  private waiting: KeyedProgress[] = [];
  /** The last event that was told; null before the first look. */
  private last: number | null = null;
  private readonly end = new AbortController();
  private readonly flush = sharedRun(() => this.storeWaiting());

  constructor(private readonly parts: ProgressEventsParts) {}

  /** For whoever runs jobs. */
  readonly put = (record: TrainingProgressRecord): void => {
    this.waiting.push({ ...record, key: randomUUID() });
    if (this.waiting.length > MAX_KEPT) this.waiting.shift();
    void this.flush();
  };

  /** @returns What was put in and nobody has begun to store, for whoever stores it with something else. */
  readonly takeWaiting = (): TrainingProgressRecord[] => this.waiting.splice(0);

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
      const records = this.waiting.splice(0, EVENTS_PER_WRITE);
      let attempts = 0;
      const store = () => this.store(records, attempts++ > 0);
      await untilAnswered(store, { onFault, signal }).catch((error: unknown) => {
        if (!signal.aborted) onFault(error);
      });
      await setTimeout(WRITE_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @param isAgain - Another attempt may have stored them, and only its answer was lost. */
  private async store(records: readonly KeyedProgress[], isAgain: boolean): Promise<void> {
    await this.parts.database.write(async (transaction) => {
      if (isAgain && (await isStored(transaction, records))) return;
      await storeEvents(transaction, records);
    });
  }
}

/** @param records - At least one, in the order in which subscribers get them. */
export async function storeEvents(transaction: Transaction, records: readonly TrainingProgressRecord[]): Promise<void> {
  let id = 0;
  for (const record of records) {
    const data = { jobId: record.jobId, record: record as object };
    ({ id } = await transaction.progressEvent.create({ data, select: { id: true } }));
  }
  await transaction.progressEvent.deleteMany({ where: { id: { lte: id - MAX_KEPT } } });
  sendHint(transaction, 'training', records[records.length - 1].jobId);
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
