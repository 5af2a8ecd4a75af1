/** The audit log: who changed what. The newest entries of each role are kept. */
import type { CallerRole } from '../../graphql/api-key/records';
import { codeOf, outcomeOf } from '../../graphql/audit/outcome';
import type { AuditRecord, NewAuditRecord } from '../../graphql/audit/records';
import type { Page, PageArgs } from '../../graphql/common/records';
import type { Audit } from '../../graphql/context';
import { type Addition, alongNextWrite } from '../storage/along-next-write';
import type { Database } from '../storage/database';
import { decodeCursor, ID_CURSOR, pageOf } from '../storage/pages';
import type { Transaction } from '../storage/transaction';

/** Kept for each role, so that no flood of one role's calls pushes out what the admins did. */
const MAX_ENTRIES_PER_ROLE = 100_000;
/** Counting the entries takes a while, so it is done once in so many. */
const TRIM_EVERY = 1_000;

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

  constructor(private readonly parts: AuditLogParts) {}

  async enter<T>(entry: NewAuditRecord, run: () => Promise<T>): Promise<T> {
    const add = (transaction: Transaction) => this.insert(transaction, { ...entry, outcome: 'OK' });
    const own: StoredEntry = { add, stored: null };
    try {
      const payload = await alongNextWrite(own, run);
      await this.finish({ ...entry, outcome: outcomeOf(payload) }, own);
      return payload;
    } catch (error) {
      await this.finish({ ...entry, outcome: codeOf(error) }, own);
      throw error;
    }
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

  /** Stores what came of a mutation, where the log does not say it yet. Never rejects: what was changed is changed. */
  private async finish(entry: FullEntry, { stored: id }: StoredEntry): Promise<void> {
    const { outcome } = entry;
    if (id !== null && outcome === 'OK') return;
    try {
      await this.parts.database.write(async (transaction) => {
        if (id === null) await this.insert(transaction, entry);
        else await transaction.auditEntry.updateMany({ where: { id }, data: { outcome } });
      });
    } catch (error) {
      this.parts.onFailure(error, entry);
    }
  }

  /** @returns The number of the entry. */
  private async insert(transaction: Transaction, entry: FullEntry): Promise<number> {
    const { role } = entry;
    const { id } = await transaction.auditEntry.create({ data: { ...entry, at: new Date() }, select: { id: true } });
    const count = (this.untrimmed.get(role) ?? 0) + 1;
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
