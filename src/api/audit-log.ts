/** The audit log: who changed what. The newest entries of each role are kept. */
import type { CallerRole } from '../../graphql/api-key/records';
import { codeOf, ERASED_NAME, outcomeOf, storefrontName } from '../../graphql/audit/audit-mutations';
import type { AuditRecord, NewAuditRecord } from '../../graphql/audit/records';
import type { Page, PageArgs } from '../../graphql/common/records';
import type { Audit } from '../../graphql/context';
import { forKeys, pagesOf } from '../storage/bulk-reads';
import { idCursorsOf, newestFirst, pageOf } from '../storage/cursor-pages';
import type { Database } from '../storage/database';
import type { Transaction } from '../storage/transaction';
import { type Addition, addToNextWrite } from '../storage/write-queue';
import { shareRuns } from '../waiting/promises';

/** Kept for each role, so that no flood of one role's calls pushes out what the admins did. */
const MAX_ENTRIES_PER_ROLE = 100_000;
/** Counting the entries takes a while, so it is done once in so many. */
const TRIM_EVERY = 1_000;

/** The outcome of an entry that is stored with a change, before anybody knows how the mutation ends. */
const STARTED = 'STARTED';
/**
 * Outcomes are stored together, so that most mutations need no second transaction. A killed process leaves the entries of its last
 * moments as they began.
 */
const SETTLE_AFTER_MS = 200;

const ENTRY_CURSORS = idCursorsOf('auditEntries');

/** An entry with what came of its mutation. */
type FullEntry = NewAuditRecord & Pick<AuditRecord, 'outcome'>;

interface AuditLogParts {
  readonly database: Database;
  /** Hears of entries that could not be written. */
  readonly onFailure: (error: unknown, entry: FullEntry) => void;
  readonly maxEntriesPerRole?: number;
  readonly trimEvery?: number;
}

/** The number of an entry that is stored. */
type StoredEntry = Addition<number>;

export class AuditLog implements Audit {
  /** The entries of each role since the last look at their number. */
  private readonly untrimmed = new Map<CallerRole, number>();
  /** Entries whose outcome is not stored yet. */
  private unsettled: { readonly id: number; readonly entry: FullEntry }[] = [];
  private readonly flush = shareRuns(() => this.settle());
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly parts: AuditLogParts) {}

  async enter<T>(entry: NewAuditRecord, run: () => Promise<T>): Promise<T> {
    const add = (transaction: Transaction) => this.insert(transaction, { ...entry, outcome: STARTED });
    const own: StoredEntry = { add, stored: null };
    try {
      const payload = await addToNextWrite(own, run);
      await this.finish({ ...entry, outcome: outcomeOf(payload) }, own);
      return payload;
    } catch (error) {
      await this.finish({ ...entry, outcome: codeOf(error) }, own);
      throw error;
    }
  }

  async entries(page: PageArgs): Promise<Page<AuditRecord>> {
    await this.settled();
    const rows = await this.parts.database.read.auditEntry.findMany(newestFirst(page, ENTRY_CURSORS));
    return pageOf(rows, page.first, ENTRY_CURSORS, (row) => ({ ...row, role: row.role as CallerRole }));
  }

  forgetUsers(externalIds: readonly string[]): Promise<void> {
    return forgetAuditedUsers(this.parts.database, externalIds);
  }

  /** Stores the outcomes that are known. Never rejects. */
  settled(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    return this.flush();
  }

  /** Records the outcome of a mutation. Never rejects, because the change is already made. */
  private async finish(entry: FullEntry, { stored: id }: StoredEntry): Promise<void> {
    if (id === null) return this.insertAlone(entry);
    this.unsettled.push({ id, entry });
    this.timer ??= setTimeout(() => void this.settled(), SETTLE_AFTER_MS).unref();
  }

  private async insertAlone(entry: FullEntry): Promise<void> {
    try {
      await this.parts.database.write((transaction) => this.insert(transaction, entry));
    } catch (error) {
      this.parts.onFailure(error, entry);
    }
  }

  private async settle(): Promise<void> {
    const known = this.unsettled;
    if (known.length === 0) return;
    this.unsettled = [];
    try {
      await this.parts.database.write(async (transaction) => {
        for (const outcome of new Set(known.map(({ entry }) => entry.outcome))) {
          const ids = known.filter(({ entry }) => entry.outcome === outcome).map(({ id }) => id);
          await transaction.auditEntry.updateMany({ where: { id: { in: ids } }, data: { outcome } });
        }
      });
    } catch (error) {
      for (const { entry } of known) this.parts.onFailure(error, entry);
    }
  }

  /** @returns The number of the entry. */
  private async insert(transaction: Transaction, entry: FullEntry): Promise<number> {
    const { role } = entry;
    const { id } = await transaction.auditEntry.create({ data: { ...entry, at: new Date() }, select: { id: true } });
    // The first one is due: processes that end after a few entries, such as commands, would never count to so many.
    const count = (this.untrimmed.get(role) ?? Infinity) + 1;
    const isDue = count >= (this.parts.trimEvery ?? TRIM_EVERY);
    this.untrimmed.set(role, isDue ? 0 : count);
    if (isDue) await this.trim(transaction, role);
    return id;
  }

  private async trim(transaction: Transaction, role: CallerRole): Promise<void> {
    const skip = this.parts.maxEntriesPerRole ?? MAX_ENTRIES_PER_ROLE;
    const oldest = await transaction.auditEntry.findFirst({ where: { role }, orderBy: { id: 'desc' }, skip });
    if (oldest) await transaction.auditEntry.deleteMany({ where: { role, id: { lte: oldest.id } } });
  }
}

/** Takes the names of these users from all entries. The entries stay, and say what was done. */
export async function forgetAuditedUsers(database: Database, externalIds: readonly string[]): Promise<void> {
  const names = new Set(externalIds.map(storefrontName));
  const ids: number[] = [];
  for await (const page of storefrontEntries(database.read))
    for (const { id, caller } of page) if (names.has(caller)) ids.push(id);
  await forKeys(ids, (some) =>
    database.write((transaction) =>
      transaction.auditEntry.updateMany({ where: { id: { in: some } }, data: { caller: ERASED_NAME } }),
    ),
  );
}

/** No index has the names, so all entries of the role are looked at; the log keeps some number of them. */
function storefrontEntries({ auditEntry }: Transaction): AsyncGenerator<{ id: number; caller: string }[]> {
  const read = (after: number, take: number) =>
    auditEntry.findMany({
      where: { role: 'STOREFRONT', id: { gt: after } },
      select: { id: true, caller: true },
      orderBy: { id: 'asc' },
      take,
    });
  return pagesOf(0, read, ({ id }) => id);
}
