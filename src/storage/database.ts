/** The database: which one, how it is opened, and the one way to write to it. */
import { dirname, resolve } from 'node:path';

import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { Client, Pool } from 'pg';

import { PrismaClient as PostgresqlClient } from '../../prisma/generated/postgresql/client';
import { type Prisma, PrismaClient } from '../../prisma/generated/sqlite/client';
import { openWritableFolder } from '../writable-folder';
import { type DirectQueries, directPostgresql, directSqlite } from './hot-path-queries';
import {
  applyMigrations,
  type DatabaseProvider,
  MigrationError,
  type MigrationTarget,
  readMigrations,
} from './migrations';
import { sqliteAdapter } from './sqlite-adapter';

export type Transaction = Prisma.TransactionClient;

export interface Database {
  readonly provider: DatabaseProvider;
  /** For reading only. It never sees what a transaction has not committed yet. */
  readonly read: PrismaClient;
  /** For the reads that every request makes. */
  readonly direct: DirectQueries;
  /** Runs `work` as one transaction, when those before it are done; whatever it throws undoes all of it. */
  write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  dispose(): Promise<void>;
}

export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

/** A large import's batch may take seconds; what takes longer than this hangs. */
const TRANSACTION_TIMEOUT_MS = 120_000;

/**
 * First in every transaction on PostgreSQL, so that those of several processes come one after another, and log numbers in
 * the order of the commits. On SQLite every transaction begins with the one write lock.
 */
const WRITE_LOCK = 'SELECT pg_advisory_xact_lock(4718115)';

/**
 * Opens the database and brings its tables up to date. A SQLite file, and the folder it lies in, are made when missing.
 *
 * @param url - `file:./data/tigerql.db` (relative to the working directory) or `postgresql://user:password@host/name`.
 * @throws {DatabaseError} When it cannot be opened; the message says what, where and what to do.
 * @throws {FolderError} When the folder of a SQLite file cannot be written.
 * @throws {MigrationError} When its tables cannot be brought up to date.
 */
export async function openDatabase(url: string): Promise<Database> {
  if (url.startsWith('file:')) return openSqlite(url);
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgresql(url);
  throw new DatabaseError(`DATABASE_URL: expected file:… or postgresql://…, got ${withoutPassword(url)}`);
}

/**
 * A connection for reading, one for transactions, during which the adapter lets nothing else run, and one for direct
 * queries, since the adapter hides its own.
 */
async function openSqlite(url: string): Promise<Database> {
  const path = resolve(url.slice('file:'.length).replace(/\?.*$/, ''));
  openWritableFolder(dirname(path), 'DATABASE_URL');
  const factory = sqliteAdapter(path);
  await orExplain(`SQLite file ${path}: expected a database that can be written (see DATABASE_URL)`, () =>
    migrateSqlite(factory),
  );
  const [read, write] = [new PrismaClient({ adapter: factory }), new PrismaClient({ adapter: factory })];
  for (const client of [read, write]) {
    for (const pragma of ['journal_mode = WAL', 'synchronous = NORMAL', 'foreign_keys = ON']) {
      await client.$queryRawUnsafe(`PRAGMA ${pragma}`);
    }
  }
  await read.$queryRawUnsafe('PRAGMA query_only = ON');
  return databaseOf('sqlite', { read, write, direct: directSqlite(path) });
}

async function openPostgresql(url: string): Promise<Database> {
  const pool = new Pool({ connectionString: url });
  // A connection that is lost while it is idle is no news: the next query opens another one.
  pool.on('error', () => undefined);
  const factory = new PrismaPg(pool);
  const where = withoutPassword(url);
  await orExplain(`PostgreSQL ${where}: expected a server that answers (see DATABASE_URL)`, () =>
    migratePostgresql(url),
  );
  // Both clients are made from one schema, so that the types of one serve both.
  const client = new PostgresqlClient({ adapter: factory }) as unknown as PrismaClient;
  return databaseOf('postgresql', { read: client, write: client, direct: directPostgresql(pool) });
}

/** Which database each open transaction is on, for the few statements that are spelt differently there. */
const providers = new WeakMap<Transaction, DatabaseProvider>();

/** @throws {Error} When `write` did not open it. */
export function providerOf(transaction: Transaction): DatabaseProvider {
  const provider = providers.get(transaction);
  if (provider === undefined)
    throw new Error('providerOf: expected a transaction of Database.write, got another client');
  return provider;
}

interface Connections {
  readonly read: PrismaClient;
  readonly write: PrismaClient;
  readonly direct: DirectQueries;
}

function databaseOf(provider: DatabaseProvider, { read, write, direct }: Connections): Database {
  let lastWrite: Promise<unknown> = Promise.resolve();
  return {
    provider,
    read,
    direct,
    write(work) {
      const options = { timeout: TRANSACTION_TIMEOUT_MS, maxWait: TRANSACTION_TIMEOUT_MS };
      const locked = async (transaction: Transaction) => {
        providers.set(transaction, provider);
        if (provider === 'postgresql') await transaction.$executeRawUnsafe(WRITE_LOCK);
        return work(transaction);
      };
      const result = lastWrite.then(() => write.$transaction(locked, options));
      lastWrite = result.catch(() => undefined);
      return result;
    },
    async dispose() {
      await lastWrite;
      // So that the file alone has everything: the driver may keep its connections open until they are collected.
      if (provider === 'sqlite') await write.$queryRawUnsafe('PRAGMA wal_checkpoint(TRUNCATE)');
      await Promise.all([read.$disconnect(), write.$disconnect()]);
      await direct.dispose();
    },
  };
}

async function migrateSqlite(factory: SqlDriverAdapterFactory): Promise<void> {
  const connection = await factory.connect();
  try {
    await migrate({
      provider: 'sqlite',
      execute: (script) => connection.executeScript(script),
      query: async (sql) => (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows,
    });
  } finally {
    await connection.dispose();
  }
}

/** Over a client of its own: Prisma's adapter would send each statement of a script to another connection. */
async function migratePostgresql(url: string): Promise<void> {
  const connection = new Client({ connectionString: url });
  await connection.connect();
  try {
    await migrate({
      provider: 'postgresql',
      execute: async (script) => void (await connection.query(script)),
      query: async (sql) => (await connection.query<unknown[]>({ text: sql, rowMode: 'array' })).rows,
    });
  } finally {
    await connection.end();
  }
}

function migrate(target: MigrationTarget): Promise<string[]> {
  return applyMigrations(target, readMigrations(target.provider));
}

async function orExplain(expectation: string, open: () => Promise<void>): Promise<void> {
  try {
    await open();
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    throw new DatabaseError(`${expectation}, got ${reasonOf(error)}`, { cause: error });
  }
}

/** The SQLite adapter keeps what the database said in the cause, after its code; a refused connection keeps a list. */
function reasonOf(error: unknown): string {
  const { message, cause, errors } = error as Error & { cause?: { originalMessage?: string }; errors?: Error[] };
  const said = cause?.originalMessage ?? (message || (errors ?? []).map((each) => each.message).join('; '));
  return said.replace(/^SQLITE_\w+: /, '');
}

function withoutPassword(url: string): string {
  return url.replace(/:[^:@/]*@/, ':…@');
}
