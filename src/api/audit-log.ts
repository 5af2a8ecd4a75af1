/** The audit log: who changed what. The newest entries of each role are kept. */
import type { CallerRole } from '../../graphql/api-key/records';
import type { AuditRecord, NewAuditRecord } from '../../graphql/audit/records';
import type { Page, PageArgs } from '../../graphql/common/records';
import type { Audit } from '../../graphql/context';
import type { Database, Transaction } from '../storage/database';
import { decodeCursor, ID_CURSOR, pageOf } from '../storage/pages';

/** Kept for each role, so that no flood of one role's calls pushes out what the admins did. */
const MAX_ENTRIES_PER_ROLE = 100_000;
/** Counting the entries takes a while, so it is done once in so many. */
const TRIM_EVERY = 1_000;

interface AuditLogParts {
  readonly database: Database;
  /** Hears of entries that could not be written. */
  readonly onFailure: (error: unknown, entries: readonly NewAuditRecord[]) => void;
  readonly maxEntriesPerRole?: number;
  readonly trimEvery?: number;
}

export class AuditLog implements Audit {
  /** Entries that wait for the transaction that is running. The next one writes all of them. */
  private waiting: (NewAuditRecord & { readonly at: Date })[] = [];
  private next: Promise<void> | null = null;
  private running: Promise<void> = Promise.resolve();
  private untrimmed = 0;

  constructor(private readonly parts: AuditLogParts) {}

  record(entry: NewAuditRecord): Promise<void> {
    this.waiting.push({ ...entry, at: new Date() });
    this.next ??= this.running.then(() => (this.running = this.flush()));
    return this.next;
  }

  async entries({ first, after }: PageArgs): Promise<Page<AuditRecord>> {
    const rows = await this.parts.database.read.auditEntry.findMany({
      where: after === null ? {} : { id: { lt: decodeCursor(after, ID_CURSOR) } },
      orderBy: { id: 'desc' },
      take: first + 1,
    });
    return pageOf(
      rows,
      first,
      ({ id }) => id,
      (row) => ({ ...row, role: row.role as CallerRole }),
    );
  }

  private async flush(): Promise<void> {
    const entries = this.waiting;
    this.waiting = [];
    this.next = null;
    try {
      await this.parts.database.write((transaction) => this.write(transaction, entries));
    } catch (error) {
      this.parts.onFailure(error, entries);
    }
  }

  private async write(transaction: Transaction, entries: readonly (NewAuditRecord & { at: Date })[]): Promise<void> {
    await transaction.auditEntry.createMany({ data: [...entries] });
    this.untrimmed += entries.length;
    if (this.untrimmed < (this.parts.trimEvery ?? TRIM_EVERY)) return;
    this.untrimmed = 0;
    for (const role of new Set(entries.map((entry) => entry.role))) await this.trim(transaction, role);
  }

  private async trim(transaction: Transaction, role: CallerRole): Promise<void> {
    const skip = this.parts.maxEntriesPerRole ?? MAX_ENTRIES_PER_ROLE;
    const oldest = await transaction.auditEntry.findFirst({ where: { role }, orderBy: { id: 'desc' }, skip });
    if (oldest) await transaction.auditEntry.deleteMany({ where: { role, id: { lte: oldest.id } } });
  }
}
