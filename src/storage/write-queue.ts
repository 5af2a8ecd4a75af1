/** The write transactions of one process: one after another, told to other processes, and on the disk when they resolve. */
import { Mutex } from 'async-mutex';

import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { isConnectionLost } from './database-error';
import type { DatabaseProvider } from './migrations';
import { openedOn, type Transaction } from './transaction';
import type { WalCheckpoints, WalSync } from './write-ahead-log';

/** A transaction that takes longer than this hangs, unless its caller knows better. */
export const TRANSACTION_TIMEOUT_MS = 120_000;

/**
 * The first statement of every transaction on PostgreSQL. It makes the transactions of several processes run one after
 * another, so that log numbers follow the order of the commits. On SQLite every transaction begins with the one write lock.
 * A transaction waits longer for the write lock than a statement waits for a row: others may have much to write.
 */
export const WRITE_LOCK =
  "SELECT pg_advisory_xact_lock(4718115) WHERE set_config('lock_timeout', '30000', true) IS NOT NULL";

/** SQLite's; another database itself waits for its disk. */
export interface WriteAheadLog {
  readonly sync: WalSync;
  readonly checkpoints: WalCheckpoints;
}

export interface WriteQueueParts {
  readonly provider: DatabaseProvider;
  readonly write: PrismaClient;
  readonly wal: WriteAheadLog | null;
  /** Throws when the tables are newer than the program. */
  readonly refuseNewer: (transaction: Transaction) => Promise<void>;
}

type Work<T> = (transaction: Transaction) => Promise<T>;

export class WriteQueue {
  private readonly writes = new Mutex();
  /** Whether a transaction has the write lock. */
  isInTransaction = false;

  constructor(private readonly parts: WriteQueueParts) {}

  /** Runs `work` as one transaction: see `Database.write`. */
  async run<T>(work: Work<T>, timeoutMs = TRANSACTION_TIMEOUT_MS): Promise<T> {
    const result = await this.writes.runExclusive(() =>
      onceMoreIfCut((onCommit) => this.transact(work, timeoutMs, onCommit)),
    );
    await this.parts.wal?.sync.sync();
    this.parts.wal?.checkpoints.afterCommit((work) => this.writes.runExclusive(work));
    return result;
  }

  /** Runs `work` when all transactions are done. */
  afterAll(work: () => Promise<void>): Promise<void> {
    return this.writes.runExclusive(work);
  }

  /** @param onCommit - Called before the commit is sent. */
  private transact<T>(work: Work<T>, timeoutMs: number, onCommit: () => void): Promise<T> {
    const { provider, write, refuseNewer } = this.parts;
    const whole = async (transaction: Transaction) => {
      openedOn(provider, transaction);
      if (provider === 'postgresql') await transaction.$executeRawUnsafe(WRITE_LOCK);
      await refuseNewer(transaction);
      this.isInTransaction = true;
      const result = await work(transaction);
      onCommit();
      return result;
    };
    // Another level would show PostgreSQL's state from before the transaction got the lock.
    const isolationLevel = provider === 'postgresql' ? ('ReadCommitted' as 'Serializable') : undefined;
    const options = { timeout: timeoutMs, maxWait: TRANSACTION_TIMEOUT_MS, isolationLevel };
    return write.$transaction(whole, options).finally(() => (this.isInTransaction = false));
  }
}

/**
 * Runs a transaction, and once more when its connection broke before the commit was sent: then nothing of it has happened. After
 * that nobody knows.
 */
async function onceMoreIfCut<T>(transact: (onCommit: () => void) => Promise<T>): Promise<T> {
  let isCommitting = false;
  try {
    return await transact(() => (isCommitting = true));
  } catch (error) {
    if (isCommitting || !isConnectionLost(error)) throw error;
    return transact(() => undefined);
  }
}
