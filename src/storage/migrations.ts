/**
 * Brings the tables of a database up to date without Prisma's schema engine. Each migration is recorded in Prisma's own table with
 * Prisma's checksums, so that `prisma migrate status` agrees.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { sha256Hex } from '../files/disk';
import { messageOf } from '../message-of';
import { PACKAGE_ROOT } from '../paths';

export type DatabaseProvider = 'sqlite' | 'postgresql';

export interface Migration {
  readonly name: string;
  /** With `\n` at the ends of lines. */
  readonly sql: string;
  /** SHA-256 of `sql`, in hexadecimal. */
  readonly checksum: string;
}

/** A connection that runs SQL as text, several statements at once. */
export interface MigrationTarget {
  readonly provider: DatabaseProvider;
  execute(script: string): Promise<void>;
  /** @returns The rows, each with its columns in the order of the query. */
  query(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** Runs `work` in one transaction that holds the database's write lock; whatever it throws undoes all of it. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
}

export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** The table as Prisma makes it: its engine reads the times by the type of their column. */
const appliedTable = (timeType: string) => `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" ${timeType},
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" ${timeType},
  "started_at" ${timeType} NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

/** @returns The provider's migrations, oldest first. */
export function readMigrations(provider: DatabaseProvider, root = PACKAGE_ROOT): Migration[] {
  const folder = join(root, 'prisma', 'migrations', provider);
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'migration.sql')))
    .sort()
    .map((name) => {
      // A checkout on Windows may have other line ends, and must give the same checksum.
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8').replaceAll('\r\n', '\n');
      return { name, sql, checksum: sha256Hex(sql) };
    });
}

/**
 * Applies the migrations that are not recorded yet, in their order: all of them or none. Processes that start at the same moment
 * wait for one another, and no other process writes meanwhile.
 *
 * @returns The names of those applied now.
 * @throws {MigrationError} When the database has a newer one than the program, or one cannot be applied; it is named.
 */
export function applyMigrations(target: MigrationTarget, migrations: readonly Migration[]): Promise<string[]> {
  return target.transaction(async () => {
    await target.execute(appliedTable(target.provider === 'sqlite' ? 'DATETIME' : 'TIMESTAMPTZ'));
    const applied = await appliedNames(target);
    refuseNewer(applied, migrations);
    const pending = migrations.filter(({ name }) => !applied.has(name));
    for (const migration of pending) await applyOne(target, migration);
    return pending.map(({ name }) => name);
  });
}

/** How many migrations a database has. More than the program knows: a newer one has changed the tables. */
export const COUNT_APPLIED =
  'SELECT COUNT(*) AS "applied" FROM "_prisma_migrations" WHERE "finished_at" IS NOT NULL AND "rolled_back_at" IS NULL';

/** Tables of a newer version may have lost or gained columns: to read and write them as before would ruin data. */
function refuseNewer(applied: ReadonlySet<string>, migrations: readonly Migration[]): void {
  const known = new Set(migrations.map(({ name }) => name));
  const newer = [...applied].filter((name) => !known.has(name)).sort()[0];
  if (newer === undefined) return;
  throw new MigrationError(
    `migration ${newer}: expected a database of this version of tigerql or an older one, got a newer one; ` +
      'start the version that last used it, or restore a backup',
  );
}

async function applyOne(target: MigrationTarget, migration: Migration): Promise<void> {
  try {
    await target.execute(`${migration.sql}\n${bookingOf(migration)};`);
  } catch (error) {
    throw new MigrationError(`migration ${migration.name}: expected it to apply, got ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function bookingOf({ name, checksum }: Migration): string {
  return (
    'INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name", "applied_steps_count") ' +
    `VALUES ('${randomUUID()}', '${checksum}', CURRENT_TIMESTAMP, '${name.replaceAll("'", "''")}', 1)`
  );
}

async function appliedNames(target: Pick<MigrationTarget, 'query'>): Promise<Set<string>> {
  const rows = await target.query(
    'SELECT "migration_name" FROM "_prisma_migrations" WHERE "finished_at" IS NOT NULL AND "rolled_back_at" IS NULL',
  );
  return new Set(rows.map(([name]) => String(name)));
}
