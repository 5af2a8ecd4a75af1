/** The audit log: who changed what. The newest entries of each role are kept. */
import type { CallerRole } from '../../graphql/api-key/records';
import { codeOf, ERASED_NAME, outcomeOf, storefrontName } from '../../graphql/audit/audit-mutations';
import type { AuditRecord, NewAuditRecord } from '../../graphql/audit/records';
import type { Page, PageArgs } from '../../graphql/common/records';
import type { Audit } from '../../graphql/context';
import { idCursorsOf, newestFirst, pageOf } from '../storage/cursor-pages';
import type { Database } from '../storage/database';
import type { Transaction } from '../storage/transaction';
import { shareRuns } from '../waiting/promises';

/** Kept for each role, so that no flood of one role's calls pushes out what the admins did. */
const MAX_ENTRIES_PER_ROLE = 100_000;
/** Counting the entries takes a while, so it is done once in so many. */
const TRIM_EVERY = 1_000;

const ROLES: readonly CallerRole[] = ['ADMIN', 'WRITER', 'READER', 'STOREFRONT'];

const ENTRY_CURSORS = idCursorsOf('auditEntries');

/** An entry with what came of its mutation. */
type FullEntry = NewAuditRecord & Pick<AuditRecord, 'outcome'>;

interface AuditLogParts {
  readonly database: Database;
  /** Hears of entries that could not be written. */
  readonly onFailure: (error: unknown, entry: FullEntry) => void;
  readonly maxEntriesPerRole?: number;
}

export class AuditLog implements Audit {
  /** Entries since the last look at their number. Processes that end after a few, such as commands, look at their first. */
  private untrimmed = TRIM_EVERY;
  private waiting: FullEntry[] = [];
  /** Entries that come during a write share the next one. */
  private readonly flush = shareRuns(() => this.storeWaiting());

  constructor(private readonly parts: AuditLogParts) {}

  /** Runs a mutation. Its entry is on the disk before its caller hears of its end. */
  async enter<T>(entry: NewAuditRecord, run: () => Promise<T>): Promise<T> {
    try {
      const payload = await run();
      await this.store({ ...entry, outcome: outcomeOf(payload) });
      return payload;
    } catch (error) {
      await this.store({ ...entry, outcome: codeOf(error) });
      throw error;
    }
  }

  async entries(page: PageArgs): Promise<Page<AuditRecord>> {
    const rows = await this.parts.database.read.auditEntry.findMany(newestFirst(page, ENTRY_CURSORS));
    return pageOf(rows, page.first, ENTRY_CURSORS, (row) => ({ ...row, role: row.role as CallerRole }));
  }

  /** Takes the names of these users from all entries. The entries stay, and say what was done. */
  async forgetUsers(externalIds: readonly string[]): Promise<void> {
    const where = { role: 'STOREFRONT', caller: { in: externalIds.map(storefrontName) } };
    await this.parts.database.write(({ auditEntry }) =>
      auditEntry.updateMany({ where, data: { caller: ERASED_NAME } }),
    );
  }

  /** Never rejects, because the change is already made. */
  private store(entry: FullEntry): Promise<void> {
    this.waiting.push(entry);
    return this.flush();
  }

  private async storeWaiting(): Promise<void> {
    const entries = this.waiting.splice(0);
    try {
      await this.parts.database.write((transaction) => this.insert(transaction, entries));
    } catch (error) {
      for (const entry of entries) this.parts.onFailure(error, entry);
    }
  }

  private async insert({ auditEntry }: Transaction, entries: readonly FullEntry[]): Promise<void> {
    const at = new Date();
    await auditEntry.createMany({ data: entries.map((entry) => ({ ...entry, at })) });
    this.untrimmed += entries.length;
    if (this.untrimmed < TRIM_EVERY) return;
    this.untrimmed = 0;
    const skip = this.parts.maxEntriesPerRole ?? MAX_ENTRIES_PER_ROLE;
    for (const role of ROLES) {
      const oldest = await auditEntry.findFirst({ where: { role }, orderBy: { id: 'desc' }, skip });
      if (oldest) await auditEntry.deleteMany({ where: { role, id: { lte: oldest.id } } });
    }
  }
}
