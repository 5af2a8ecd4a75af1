/**
 * The numbered changes of the catalogue. Changes run one at a time, each in one transaction. Whoever follows the log hears
 * of a change before the next one begins.
 */
import { Mutex } from 'async-mutex';

import type { CatalogueChangeKind } from '../../graphql/catalogue/records';
import type { TopicHub } from '../../graphql/topics';
import type { CodeChange } from '../../models/decoding/trie';
import { insertRows } from './bulk-rows';
import { codesKey, codesOfKey } from './code-keys';
import type { Database, Transaction } from './database';
import { readInPages } from './paging';

/** An item that a change touches, whether its codes change or not. */
export interface LoggedItem extends CodeChange {
  /** Whether its vector is another one than before, so that no tokenizer's codes of the former vector hold any more. */
  readonly isReencoded?: boolean;
}

export interface LogEntry {
  readonly kind: CatalogueChangeKind;
  readonly items: readonly LoggedItem[];
  /** The tokenizer of the codes; null while none is live. */
  readonly tokenizerId: number | null;
  /** Of `MODEL_ACTIVATED`: all later codes are those of this version's tokenizer. */
  readonly modelVersionId?: number;
}

export interface CommittedChange {
  readonly version: number;
  readonly kind: CatalogueChangeKind;
  /** All items that it touched. */
  readonly itemIds: readonly number[];
  /** Only those whose codes changed. */
  readonly changes: readonly CodeChange[];
  /** Whether another process made it. */
  readonly isForeign: boolean;
}

/** Brings what is held in memory up to date. The next change waits for it. */
export type CommitListener = (change: CommittedChange) => Promise<void>;

/** What a transaction gave back, and the version that it wrote. */
export interface Committed<T> {
  readonly result: T;
  /** The last one when it wrote several; null when it logged nothing. */
  readonly version: number | null;
}

export class ChangeLog {
  private readonly changes = new Mutex();
  /** The last change that the listener has heard of; null before the first look. */
  private known: number | null = null;

  constructor(
    private readonly database: Database,
    private readonly hub: TopicHub,
    private readonly listener: CommitListener,
  ) {}

  /**
   * Runs `work` after all changes that were begun before it, and after this process has heard of the changes of other
   * processes. Changes that are begun later wait until it is done.
   *
   * @param work - Gets the version of the catalogue that this process has followed so far.
   */
  exclusive<T>(work: (version: number) => Promise<T>): Promise<T> {
    return this.changes.runExclusive(async () => work(await this.catchUp()));
  }

  /**
   * Runs one transaction that writes one log row for each entry, then tells the listener and the topic. Call it within
   * `exclusive` only.
   *
   * @param work - Writes, and says what it changed. No entries: nothing is logged.
   */
  async commit<T>(
    work: (transaction: Transaction) => Promise<{ result: T; entries: readonly LogEntry[] }>,
  ): Promise<Committed<T>> {
    const { result, logged } = await this.database.write(async (transaction) => {
      const { result, entries } = await work(transaction);
      const logged: { version: number; entry: LogEntry }[] = [];
      for (const entry of entries) logged.push({ version: await logChange(transaction, entry), entry });
      return { result, logged };
    });
    if (logged.length > 0) await this.catchUp(logged[0].version);
    for (const { version, entry } of logged) await this.tell(version, entry, false);
    return { result, version: logged.at(-1)?.version ?? null };
  }

  /** Tells of the changes that other processes have committed before `end`. @returns The last change told so far. */
  private async catchUp(end = Infinity): Promise<number> {
    if (this.known !== null && this.known === end - 1) return this.known;
    const { read } = this.database;
    const last = Math.min(await currentVersion(read), end - 1);
    this.known ??= last;
    if (this.known >= last) return this.known;
    const rows = await read.catalogueLog.findMany({
      where: { version: { gt: this.known, lte: last } },
      orderBy: { version: 'asc' },
    });
    for (const { version, kind } of rows) {
      // A listener may have committed a change itself, and so have caught up with the rest.
      if (version <= this.known) continue;
      const items = await readLogItems(read, version);
      await this.tell(version, { kind: kind as CatalogueChangeKind, items }, true);
    }
    return this.known;
  }

  private async tell(
    version: number,
    { kind, items }: Pick<LogEntry, 'kind' | 'items'>,
    isForeign: boolean,
  ): Promise<void> {
    const changes = items
      .filter(({ before, after }) => String(before) !== String(after))
      .map(({ itemId, before, after }) => ({ itemId, before, after }));
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
export async function readLogItems(client: Transaction, version: number): Promise<LoggedItem[]> {
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

/** That a change touched an item. */
export interface ItemTouch {
  readonly version: number;
  readonly itemId: number;
  readonly kind: CatalogueChangeKind;
  readonly isReencoded: boolean;
}

/** The end of one page of the log, which the next page begins after. */
interface LogPosition {
  readonly version: number;
  readonly itemId: number;
}

/** @returns Which items the changes after `version` touched, in the order of the log. */
export async function changesSince(client: Transaction, version: number): Promise<ItemTouch[]> {
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
  const rows = await readInPages<TouchRow, LogPosition>(
    { version, itemId: Infinity },
    (after, take) => readTouchRows(client, after, take),
    (row) => row,
  );
  return rows.flatMap((row) => {
    const kind = kindOf.get(row.version);
    return kind === undefined ? [] : { ...row, kind };
  });
}

type TouchRow = Omit<ItemTouch, 'kind'>;

function readTouchRows(client: Transaction, after: LogPosition, take: number): Promise<TouchRow[]> {
  const { version, itemId } = after;
  const where = {
    // The second condition implies the first, but only the first has an index.
    version: { gte: version },
    OR: [{ version: { gt: version } }, ...(itemId === Infinity ? [] : [{ version, itemId: { gt: itemId } }])],
  };
  const select = { version: true, itemId: true, isReencoded: true };
  return client.catalogueLogItem.findMany({ where, select, orderBy: [{ version: 'asc' }, { itemId: 'asc' }], take });
}

function codesOrNull(key: string | null): number[] | null {
  return key === null ? null : codesOfKey(key);
}
