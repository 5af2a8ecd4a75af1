/** The catalogue's numbered changes: one at a time, each one transaction, told to whoever follows before the next. */
import type { CatalogueChangeKind } from '../../graphql/catalogue/records';
import type { TopicHub } from '../../graphql/topics';
import { insertRows } from './bulk-rows';
import { codesKey, codesOfKey } from './code-keys';
import type { Database, Transaction } from './database';
import { readInPages } from './paging';

/** What happened to an item: its semantic ID before and after, null for none in the trie. */
export interface ItemChange {
  readonly itemId: number;
  readonly before: readonly number[] | null;
  readonly after: readonly number[] | null;
  /** Whether its vector is another one than before: codes that any tokenizer made of the former one no longer hold. */
  readonly isReencoded?: boolean;
}

export interface LogEntry {
  readonly kind: CatalogueChangeKind;
  readonly items: readonly ItemChange[];
  /** Whose codes they are; null while no tokenizer is live. */
  readonly tokenizerId: number | null;
  /** Of `MODEL_ACTIVATED`: from here on all codes are those of this version's tokenizer. */
  readonly modelVersionId?: number;
}

export interface CommittedChange {
  readonly version: number;
  readonly kind: CatalogueChangeKind;
  /** All items that it touched. */
  readonly itemIds: readonly number[];
  /** Only the items whose codes changed. */
  readonly changes: readonly { readonly itemId: number; readonly codes: readonly number[] | null }[];
  /** Whether another process made it. */
  readonly isForeign: boolean;
}

/** Brings what is held in memory up to date; awaited before the next change begins. */
export type CommitListener = (change: CommittedChange) => Promise<void>;

export class ChangeLog {
  private last: Promise<unknown> = Promise.resolve();
  /** The last change that the listener has heard of; null before the first look. */
  private known: number | null = null;

  constructor(
    private readonly database: Database,
    private readonly hub: TopicHub,
    private readonly listener: CommitListener,
  ) {}

  /**
   * Runs `work` when all changes begun before it are done, other processes' told too, and holds back those that come
   * after it.
   */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(() => this.catchUp()).then(work);
    this.last = result.catch(() => undefined);
    return result;
  }

  /**
   * One transaction with one log row an entry; then the listener and the topic are told. Only within `exclusive`.
   *
   * @param work - Writes, and says what it changed. No entries: nothing is logged.
   */
  async commit<T>(
    work: (transaction: Transaction) => Promise<{ result: T; entries: readonly LogEntry[] }>,
  ): Promise<T> {
    const { result, committed } = await this.database.write(async (transaction) => {
      const { result, entries } = await work(transaction);
      const committed: { version: number; entry: LogEntry }[] = [];
      for (const entry of entries) committed.push({ version: await logChange(transaction, entry), entry });
      return { result, committed };
    });
    if (committed.length > 0) await this.catchUp(committed[0].version);
    for (const { version, entry } of committed) await this.tell(version, entry, false);
    return result;
  }

  /** Tells of what other processes have committed, up to the change before `end`. */
  private async catchUp(end = Infinity): Promise<void> {
    if (this.known === end - 1) return;
    const { read } = this.database;
    const current = await currentVersion(read);
    this.known ??= Math.min(current, end - 1);
    if (this.known >= Math.min(current, end - 1)) return;
    const rows = await read.catalogueLog.findMany({
      where: { version: { gt: this.known, lt: Math.min(current + 1, end) } },
      orderBy: { version: 'asc' },
    });
    for (const { version, kind } of rows) {
      // Whoever heard of one of them may have committed, and so have heard of the rest.
      if (version <= this.known) continue;
      const items = await readLogItems(read, version);
      await this.tell(version, { kind: kind as CatalogueChangeKind, items }, true);
    }
  }

  private async tell(
    version: number,
    { kind, items }: Pick<LogEntry, 'kind' | 'items'>,
    isForeign: boolean,
  ): Promise<void> {
    const changes = items
      .filter(({ before, after }) => String(before) !== String(after))
      .map(({ itemId, after }) => ({ itemId, codes: after }));
    this.known = version;
    try {
      await this.listener({ version, kind, itemIds: items.map(({ itemId }) => itemId), changes, isForeign });
    } finally {
      // It is committed, whether the live model has followed or not.
      this.hub.publish('CATALOGUE_CHANGES', { version, kind, itemCount: items.length });
    }
  }
}

/** @returns The number of the last change; 0 before the first. */
export async function currentVersion(client: Transaction): Promise<number> {
  const { _max } = await client.catalogueLog.aggregate({ _max: { version: true } });
  return _max.version ?? 0;
}

/** Writes the change's rows, in the change's own transaction. @returns Its number. */
export async function logChange(
  transaction: Transaction,
  { kind, items, tokenizerId, modelVersionId }: LogEntry,
): Promise<number> {
  const { version } = await transaction.catalogueLog.create({
    data: { kind, payload: { tokenizerId, modelVersionId } },
  });
  const rows = items.map(({ itemId, before, after, isReencoded }) => ({
    version,
    itemId,
    beforeKey: before && codesKey(before),
    afterKey: after && codesKey(after),
    isReencoded: isReencoded ?? false,
  }));
  await insertRows(transaction, 'CatalogueLogItem', rows);
  return version;
}

/** @returns What one change did, by ascending item id. */
export async function readLogItems(client: Transaction, version: number): Promise<ItemChange[]> {
  const rows = await readInPages(
    0,
    (after, take) =>
      client.catalogueLogItem.findMany({
        where: { version, itemId: { gt: after } },
        orderBy: { itemId: 'asc' },
        take,
      }),
    ({ itemId }) => itemId,
  );
  return rows.map(({ itemId, beforeKey, afterKey, isReencoded }) => ({
    itemId,
    before: codesOrNull(beforeKey),
    after: codesOrNull(afterKey),
    isReencoded,
  }));
}

export interface LoggedItem {
  readonly version: number;
  readonly itemId: number;
  readonly kind: CatalogueChangeKind;
  readonly isReencoded: boolean;
}

/** Of one page of the log; the next one begins behind it. */
interface LogPosition {
  readonly version: number;
  readonly itemId: number;
}

/** @returns Which items the changes after `version` touched, in the order of the log. */
export async function changesSince(client: Transaction, version: number): Promise<LoggedItem[]> {
  const kinds = await readInPages(
    version,
    (after, take) =>
      client.catalogueLog.findMany({
        where: { version: { gt: after } },
        select: { version: true, kind: true },
        orderBy: { version: 'asc' },
        take,
      }),
    (row) => row.version,
  );
  const kindOf = new Map(kinds.map((row) => [row.version, row.kind as CatalogueChangeKind]));
  const rows = await readInPages<LoggedRow, LogPosition>(
    { version, itemId: Infinity },
    (after, take) => readLoggedRows(client, after, take),
    (row) => row,
  );
  return rows.flatMap((row) => {
    const kind = kindOf.get(row.version);
    return kind === undefined ? [] : { ...row, kind };
  });
}

type LoggedRow = Omit<LoggedItem, 'kind'>;

function readLoggedRows(client: Transaction, after: LogPosition, take: number): Promise<LoggedRow[]> {
  const { version, itemId } = after;
  const where = {
    // The first condition follows from the second, which no index serves.
    version: { gte: version },
    OR: [{ version: { gt: version } }, ...(itemId === Infinity ? [] : [{ version, itemId: { gt: itemId } }])],
  };
  const select = { version: true, itemId: true, isReencoded: true };
  return client.catalogueLogItem.findMany({ where, select, orderBy: [{ version: 'asc' }, { itemId: 'asc' }], take });
}

function codesOrNull(key: string | null): number[] | null {
  return key === null ? null : codesOfKey(key);
}
