/**
 * A training job in the hands of the process that holds its lease. Whatever the process writes for the job, it writes only while the lease
 * is its own; when it has lost the lease, it stops and leaves the job as it is.
 */
import type { TrainingProgressRecord } from '../../graphql/training/records';
import type { TrainingJob } from '../../prisma/generated/sqlite/client';
import type { CatalogueServices } from '../catalogue/catalogue-services';
import { messageOf } from '../message-of';
import type { Database } from '../storage/database';
import { isStoreFault, untilAnswered } from '../storage/database-error';
import { holdLease, type KeptLease, keepLease, type Lease, type LeaseTimes } from '../storage/leases';
import type { Transaction } from '../storage/transaction';
import type { ProgressEvents } from './progress-events';
import { ProgressReporter } from './progress-reporter';

export interface HeldJobParts {
  readonly services: Pick<CatalogueServices, 'database'>;
  readonly lease: Lease;
  readonly times: LeaseTimes;
  /** Tells the subscribers. */
  readonly events: Pick<ProgressEvents, 'put'>;
  /** A message for people, such as that a job found another job's state in its folder. */
  readonly onWarning: (jobId: number, message: string) => void;
  /** Called when the database does not answer. What was asked of it is tried again. */
  readonly onFault: (error: unknown) => void;
}

/** `LOST`: the job was cancelled, or another process has it. `SHUTDOWN`: this process ends. Either way the job's row stays as it is. */
export type StopReason = 'LOST' | 'SHUTDOWN';

export class HeldJob {
  readonly database: Database;
  readonly lease: Lease;
  /** Aborted for a `StopReason`. */
  readonly signal: AbortSignal;
  /** What people should know of the training; a former process may have told some of it. */
  readonly warnings: Set<string>;
  readonly reporter: ProgressReporter;

  /** @param abort - Stops the job. It is aborted here when the lease is lost. */
  constructor(
    /** As it was when this process took it. */
    readonly row: TrainingJob,
    private readonly parts: HeldJobParts,
    private readonly abort: AbortController,
  ) {
    const { services, lease, events, onFault } = parts;
    this.database = services.database;
    this.lease = lease;
    this.signal = abort.signal;
    const former = row.progress as TrainingProgressRecord | null;
    this.warnings = new Set(former?.warnings);
    const write = (work: (transaction: Transaction) => Promise<void>) => this.write(work);
    const publishProgress = (record: TrainingProgressRecord) => events.put(record, lease);
    const { warnings, onLost } = this;
    this.reporter = new ProgressReporter(row.id, { former, write, publishProgress, onFault, warnings, onLost });
  }

  readonly onLost = (): void => {
    if (!this.signal.aborted) this.warn('The job was cancelled, or another process has taken it over.');
    this.abort.abort('LOST' satisfies StopReason);
  };

  warn(message: string): void {
    this.parts.onWarning(this.row.id, message);
  }

  /** Prolongs the lease until the answer is disposed of. */
  keepLease(): KeptLease {
    return keepLease(this.database, this.lease, { times: this.parts.times, onLost: this.onLost });
  }

  /** @throws {LeaseLostError} When the lease is another's. Then nothing is written. */
  write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.database.write(async (transaction) => {
      await this.hold(transaction);
      return work(transaction);
    });
  }

  /** @throws {LeaseLostError} When the lease is another's. */
  hold(transaction: Transaction): Promise<void> {
    return holdLease(transaction, this.lease, this.parts.times);
  }

  /** Repeats the work until the database and the checkpoint store answer. @throws {AbortError} When the job is stopped. */
  answered<T>(work: () => Promise<T>): Promise<T> {
    const onFault = (error: unknown) => {
      this.parts.onFault(error);
      if (isStoreFault(error)) this.reporter.wait(messageOf(error));
    };
    return untilAnswered(work, { onFault, signal: this.signal });
  }
}
