/** The client of one transaction, and the database that it is on. */
import type { Prisma } from '../../prisma/generated/sqlite/client';
import type { DatabaseProvider } from './migrations';

export type Transaction = Prisma.TransactionClient;

/** The provider of each open transaction, for the few statements that the two databases spell differently. */
const providers = new WeakMap<Transaction, DatabaseProvider>();

/** Notes the provider of a transaction that begins. */
export function openedOn(provider: DatabaseProvider, transaction: Transaction): void {
  providers.set(transaction, provider);
}

/** @throws {Error} When `Database` did not open it. */
export function providerOf(transaction: Transaction): DatabaseProvider {
  const provider = providers.get(transaction);
  if (provider === undefined)
    throw new Error('providerOf: expected a transaction of Database.write, got another client');
  return provider;
}

/**
 * Lets a transaction that computes or reads over other connections say nothing to PostgreSQL for two minutes. Any other one is ended
 * after some seconds: see `postgresql-pool.ts`.
 */
export async function allowLongPauses(transaction: Transaction): Promise<void> {
  if (providerOf(transaction) === 'sqlite') return;
  await transaction.$executeRaw`SELECT set_config('idle_in_transaction_session_timeout', '120000', true)`;
}

/** SQLite's own 2 MB hold a small part of the indexes that an import writes to all over. */
const CACHE_KIB = 64 * 1024;

/**
 * On SQLite, gives the connection of a transaction room for the pages that it writes to, and lets it sort in files: the driver's default
 * is the memory, of which an index of ten million rows takes a gigabyte. The connection keeps that.
 */
export async function prepareForBulk(transaction: Transaction): Promise<void> {
  if (providerOf(transaction) !== 'sqlite') return;
  for (const pragma of [`cache_size = -${CACHE_KIB}`, 'temp_store = FILE'])
    await transaction.$queryRawUnsafe(`PRAGMA ${pragma}`);
}

/**
 * On SQLite, runs work while the tables have no such indexes, and makes them anew. That takes less than to write a page of each for each
 * new row, where there are many new ones.
 */
export async function withoutIndexes<T>(
  transaction: Transaction,
  names: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const made = await transaction.$queryRawUnsafe<{ sql: string }[]>(
    'SELECT "sql" FROM "sqlite_master" WHERE "name" IN (SELECT "value" FROM json_each(?))',
    JSON.stringify(names),
  );
  for (const name of names) await transaction.$executeRawUnsafe(`DROP INDEX "${name}"`);
  const result = await work();
  for (const { sql } of made) await transaction.$executeRawUnsafe(sql);
  return result;
}

/** Servers of one database may have different clocks. */
export async function databaseTime(transaction: Transaction): Promise<Date> {
  const sql =
    providerOf(transaction) === 'postgresql'
      ? 'SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS DOUBLE PRECISION) AS "now"'
      : `SELECT ROUND(unixepoch('subsec') * 1000) AS "now"`;
  const [{ now }] = await transaction.$queryRawUnsafe<{ now: number }[]>(sql);
  return new Date(now);
}
