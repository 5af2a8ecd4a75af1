/**
 * The numbered changes of the catalogue. Changes run one at a time, each in one transaction. A change that was planned on an
 * older version than the newest is planned anew, so that processes on one database cannot undo each other's work.
 * Followers of the log hear of every change, in order.
 */
import { Mutex } from 'async-mutex';

import type { CatalogueChangeKind } from '../../graphql/catalogue/types';
import type { TopicHub } from '../../graphql/topics';
import type { CodeChange } from '../../models/decoding/trie';
import { insertRows } from './bulk-rows';
import {
  currentVersion,
  type LoggedItem,
  type LogMark,
  type LogRow,
  newestChange,
  readLogItems,
  rowsAfter,
} from './change-log-reads';
import { codesKey } from './code-keys';
import type { Database } from './database';
import { DatabaseError } from './database-error';
import { allowLongPauses, type Transaction } from './transaction';

export interface LogEntry {
  readonly kind: CatalogueChangeKind;
  readonly items: readonly LoggedItem[];
  /** The tokenizer of the codes; null while none is active. */
  readonly tokenizerId: number | null;
  /** The version that `MODEL_ACTIVATED` makes live: all later codes are those of its tokenizer. */
  readonly modelVersionId?: number;
  /** The catalogue version of the reassignment that this one takes back. */
  readonly undoes?: number;
}

export interface CommittedChange {
  readonly version: number;
  readonly kind: CatalogueChangeKind;
  /** All items that it touched. */
  readonly itemIds: readonly number[];
  /** Only those whose codes changed. */
  readonly changes: readonly CodeChange[];
  /** The version that `MODEL_ACTIVATED` makes live. */
  readonly modelVersionId?: number;
}

/**
 * Brings what is held in memory up to date. The next change waits for it. When it rejects, it hears of the same change again:
 * what it has done before must do no harm a second time.
 */
export type CommitListener = (change: CommittedChange) => Promise<void>;

/** The result of a transaction, and the version that it wrote. */
export interface Committed<T> {
  readonly result: T;
  /** The last one when it wrote several; null when it logged nothing. */
  readonly version: number | null;
}

/** How far this process has followed the log. */
export interface LogPosition {
  /** The last change that the listener has heard of. */
  readonly followed: number;
  /** The newest change that this process knows of. */
  readonly newest: number;
  /** How long the listener has been behind; 0 when it is not. */
  readonly behindMs: number;
  /** Whether the database has lost changes that the listener has heard of: what is held in memory is that of no version any more. */
  readonly isForked: boolean;
}

/** Plans that another process overtakes are made anew. After so many the database's lock is taken first. */
const FREE_ATTEMPTS = 2;

export class ChangeLog {
  private readonly changes = new Mutex();
  private readonly following = new Mutex();
  /** The last change that the listener has heard of; null before the first look. */
  private followed: LogMark | null = null;
  private isForked = false;
  private newest = 0;
  private behindSince: number | null = null;
  /** Whether the change under way has committed something. */
  private hasCommitted = false;
  /** The version that the work under way plans on. */
  private planned = 0;
  /** The transaction that has the database's lock while a change is planned under it. */
  private locked: Transaction | null = null;

  /** Set before the first change. Null in a process that holds nothing of the catalogue in memory: it reads and publishes no changes. */
  listener: CommitListener | null = null;

  /** @param onFault - Called when the listener fails during a change. The change goes on, and the next poll tries again. */
  constructor(
    private readonly database: Database,
    private readonly hub: Pick<TopicHub, 'publish'>,
    private readonly onFault: (error: unknown) => void = () => undefined,
  ) {}

  get position(): LogPosition {
    const { followed, newest, behindSince, isForked } = this;
    const behindMs = behindSince === null ? 0 : performance.now() - behindSince;
    return { followed: followed?.version ?? 0, newest, behindMs, isForked };
  }

  /**
   * Runs `work`, which plans a change on what is stored and commits it, after all changes that were begun before it in this
   * process. When another process has changed the catalogue before the commit, `work` runs again from its beginning: the plan
   * may no longer fit. After two such failures it runs while this process holds the database's write lock, so that constant
   * writes elsewhere cannot keep it from its end.
   *
   * @param work - Gets the version of the catalogue that it plans on. It only reads and computes before it commits, and reads
   *   nothing after that, since its transaction may still be open. It does not call `Database.write`.
   */
  exclusive<T>(work: (version: number) => Promise<T>): Promise<T> {
    return this.changes.runExclusive(async () => {
      try {
        for (let attempt = 0; attempt < FREE_ATTEMPTS; attempt++) {
          await this.follow().catch(this.onFault);
          this.planned = await currentVersion(this.database.read);
          const outcome = await work(this.planned).then((result) => ({ result }), overtakenOf);
          if (outcome !== null) return outcome.result;
        }
        return await this.underLock(work);
      } finally {
        if (this.hasCommitted) await this.follow().catch(this.onFault);
        this.hasCommitted = false;
      }
    });
  }

  /**
   * Runs one transaction that writes one log row for each entry. Call it within `exclusive` only, which then lets the listener
   * and the topic hear of them before it returns.
   *
   * @param work - Writes, and says what it changed. No entries: nothing is logged.
   */
  async commit<T>(
    work: (transaction: Transaction) => Promise<{ result: T; entries: readonly LogEntry[] }>,
  ): Promise<Committed<T>> {
    const write = async (transaction: Transaction) => {
      if ((await currentVersion(transaction)) !== this.planned) throw new OvertakenError();
      const { result, entries } = await work(transaction);
      let version: number | null = null;
      for (const entry of entries) version = await logChange(transaction, entry);
      return { result, version };
    };
    const committed = await (this.locked === null ? this.database.write(write) : write(this.locked));
    this.hasCommitted ||= committed.version !== null;
    this.planned = committed.version ?? this.planned;
    return committed;
  }

  /**
   * Tells the listener and the topic of all changes that are committed and that they have not heard of, in their order.
   *
   * @throws What the listener throws: then this change and those after it are told at the next call.
   * @throws {DatabaseError} From now on always, when the database has lost what the listener has heard of.
   */
  follow(): Promise<void> {
    return this.following.runExclusive(async () => {
      const { read } = this.database;
      const newest = (await newestChange(read)) ?? BEFORE_ALL;
      this.newest = newest.version;
      if (this.listener === null) this.followed = newest;
      this.followed ??= newest;
      const rows = isSame(this.followed, newest) ? [] : await this.rowsAfter(this.followed);
      for (const row of rows) await this.tell(row, this.listener!);
      this.behindSince = null;
    });
  }

  /** A standby that takes over may lack the last changes, and so does a backup: later ones then get their numbers. */
  private async rowsAfter(followed: LogMark): Promise<LogRow[]> {
    this.behindSince ??= performance.now();
    const { read } = this.database;
    if (followed === BEFORE_ALL) return rowsAfter(read, 0, this.newest);
    const rows = await rowsAfter(read, followed.version - 1, this.newest);
    const first = rows.at(0);
    this.isForked ||= first === undefined || !isSame(first, followed);
    if (this.isForked) throw new DatabaseError(`${expectedOf(followed)}; start this server anew`);
    return rows.slice(1);
  }

  /** Runs `work` while the listener hears of no change. Use it to read a state of the catalogue that the listener then keeps up to date. */
  steadily<T>(work: () => Promise<T>): Promise<T> {
    return this.following.runExclusive(work);
  }

  /** Plans while no other process can commit, so that nothing overtakes the plan. */
  private async underLock<T>(work: (version: number) => Promise<T>): Promise<T> {
    try {
      return await this.database.write(async (transaction) => {
        await allowLongPauses(transaction);
        this.locked = transaction;
        this.planned = await currentVersion(transaction);
        return work(this.planned);
      });
    } catch (error) {
      this.hasCommitted = false; // nothing of it is committed
      throw error;
    } finally {
      this.locked = null;
    }
  }

  private async tell({ version, createdAt, payload, ...row }: LogRow, listener: CommitListener): Promise<void> {
    const kind = row.kind as CatalogueChangeKind;
    const { modelVersionId, undoes } = payload as Pick<LogEntry, 'modelVersionId' | 'undoes'>;
    const items = await readLogItems(this.database.read, version);
    const changes = items
      .filter(({ before, after }) => String(before) !== String(after))
      .map(({ itemId, before, after }) => ({ itemId, before, after }));
    const itemIds = items.map(({ itemId }) => itemId);
    await listener({ version, kind, itemIds, changes, modelVersionId });
    this.followed = { version, createdAt };
    this.hub.publish('CATALOGUE_CHANGES', { version, kind, itemCount: items.length, undoes, changedAt: createdAt });
  }
}

/** Stands for the last change of an empty log. */
const BEFORE_ALL: LogMark = { version: 0, createdAt: new Date(0) };

function isSame(a: LogMark, b: LogMark): boolean {
  return a.version === b.version && a.createdAt.getTime() === b.createdAt.getTime();
}

function expectedOf({ version }: LogMark): string {
  return `database: expected change ${version} of the catalogue, which this server has followed, got a database that has lost it`;
}

/** Another process has changed the catalogue since the plan was made. */
class OvertakenError extends Error {
  override readonly name = 'OvertakenError';
}

/** @returns Null. @throws Any other error. */
function overtakenOf(error: unknown): null {
  if (error instanceof OvertakenError) return null;
  throw error;
}

/** Writes the change's rows, in the change's own transaction. @returns Its number. */
export async function logChange(transaction: Transaction, { items, ...change }: LogEntry): Promise<number> {
  const version = await beginChange(transaction, change);
  await logItems(transaction, version, items);
  return version;
}

/** Writes the row of a change whose items come later in its transaction. @returns Its number. */
export async function beginChange(
  transaction: Transaction,
  { kind, tokenizerId, modelVersionId, undoes }: Omit<LogEntry, 'items'>,
): Promise<number> {
  const { version } = await transaction.catalogueLog.create({
    data: { kind, payload: { tokenizerId, modelVersionId, undoes } },
  });
  return version;
}

export async function logItems(transaction: Transaction, version: number, items: readonly LoggedItem[]): Promise<void> {
  const rows = items.map(({ itemId, before, after, isReencoded, wasLive, isLive }) => ({
    version,
    itemId,
    beforeKey: before && codesKey(before),
    afterKey: after && codesKey(after),
    isReencoded: isReencoded ?? false,
    wasLive: wasLive ?? true,
    isLive: isLive ?? true,
  }));
  await insertRows(transaction, 'CatalogueLogItem', rows);
}
