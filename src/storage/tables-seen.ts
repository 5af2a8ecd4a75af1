/** What a look at a database's tables tells, without opening it as a server does: that would bring its tables up to date. */
import { type MigrationTarget, newerTablesFault, readMigrations } from './migrations';

export interface TablesSeen {
  /** Why this release refuses the tables; null when it does not, or when the first start will make them. */
  readonly fault: string | null;
  /** Of the training jobs that wait or run. */
  readonly unfinishedConfigs: readonly object[];
}

const HAS_TABLES = {
  sqlite: `SELECT "name" FROM "sqlite_master" WHERE "name" = '_prisma_migrations'`,
  postgresql: `SELECT 1 WHERE to_regclass('"_prisma_migrations"') IS NOT NULL`,
};
const UNFINISHED_CONFIGS = `SELECT "config" FROM "TrainingJob" WHERE "status" IN ('QUEUED', 'RUNNING')`;

export async function lookAtTables({
  provider,
  query,
}: Pick<MigrationTarget, 'provider' | 'query'>): Promise<TablesSeen> {
  if ((await query(HAS_TABLES[provider])).length === 0) return { fault: null, unfinishedConfigs: [] };
  const fault = await newerTablesFault({ query }, readMigrations(provider));
  if (fault !== null) return { fault, unfinishedConfigs: [] };
  const rows = await query(UNFINISHED_CONFIGS);
  return { fault: null, unfinishedConfigs: rows.map(([config]) => jsonOf(config)) };
}

/** SQLite keeps JSON as text. */
function jsonOf(stored: unknown): object {
  return (typeof stored === 'string' ? JSON.parse(stored) : stored) as object;
}
