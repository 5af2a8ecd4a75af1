/** The catalogue's numbered changes: one at a time, each one transaction, told to the live model before the next. */
import type { CatalogueChangeKind } from '../graphql/context';
import type { TopicHub } from '../graphql/topics';
import type { Database, Transaction } from './database';

/** What happened to an item: its semantic ID before and after, null for none in the trie. */
export interface ItemChange {
  readonly itemId: number;
  readonly before: readonly number[] | null;
  readonly after: readonly number[] | null;
}

export interface LogEntry {
  readonly kind: CatalogueChangeKind;
  readonly items: readonly ItemChange[];
  /** Of `MODEL_ACTIVATED`: from here on all codes are those of this version's tokenizer. */
  readonly modelVersionId?: number;
}

/** `changes` has only the items whose codes changed. */
export interface CommittedChange {
  readonly version: number;
  readonly kind: CatalogueChangeKind;
  readonly changes: readonly { readonly itemId: number; readonly codes: readonly number[] | null }[];
}

/** Brings the live trie up to date; awaited before the next change begins. */
export type CommitListener = (change: CommittedChange) => Promise<void>;

export class ChangeLog {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly hub: TopicHub,
    private readonly listener: CommitListener,
  ) {}

  /** Runs `work` when all changes begun before it are done, and holds back those that come after it. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
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
    for (const { version, entry } of committed) await this.tell(version, entry);
    return result;
  }

  private async tell(version: number, { kind, items }: LogEntry): Promise<void> {
    const changes = items
      .filter(({ before, after }) => String(before) !== String(after))
      .map(({ itemId, after }) => ({ itemId, codes: after }));
    try {
      await this.listener({ version, kind, changes });
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

/** Writes the change's row, in the change's own transaction. @returns Its number. */
export async function logChange(transaction: Transaction, { kind, items, modelVersionId }: LogEntry): Promise<number> {
  const payload = { items: items.map(({ itemId, before, after }) => ({ itemId, before, after })), modelVersionId };
  const { version } = await transaction.catalogueLog.create({ data: { kind, payload: payload as object } });
  return version;
}
