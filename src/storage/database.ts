/** The database: which one, how it is opened, and the one way to write to it. */
import { dirname } from 'node:path';

import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { Mutex } from 'async-mutex';
import { Client, Pool } from 'pg';

import { PrismaClient as PostgresqlClient } from '../../prisma/generated/postgresql/client';
import { type Prisma, PrismaClient } from '../../prisma/generated/sqlite/client';
import { openWritableFolder } from '../writable-folder';
import { DatabaseError } from './database-error';
import { type HotPathQueries, hotPathPostgresql, hotPathSqlite } from './hot-path-queries';
import {
  applyMigrations,
  type DatabaseProvider,
  MigrationError,
  type MigrationTarget,
  readMigrations,
} from './migrations';
import { sqliteAdapter } from './sqlite-adapter';
import { sqlitePath } from './sqlite-snapshot';

export type Transaction = Prisma.TransactionClient;

export interface Database {
  readonly provider: DatabaseProvider;
  /** For reading only. It never sees what a transaction has not committed yet. */
  readonly read: PrismaClient;
  /** For the reads that every request makes. */
  readonly hotPath: HotPathQueries;
  /**
   * Runs `work` as one transaction, when those before it are done; whatever it throws undoes all of it.
   *
   * @throws {DatabaseError} When another process holds the write lock of a SQLite file for too long.
   */
  write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /**
   * Resolves when the database can be written to; at once when a transaction of this process is under way.
   *
   * @throws The database's error when it cannot.
   */
  checkWrite(): Promise<void>;
  dispose(): Promise<void>;
}

/** A batch of a large import may take seconds. A transaction that takes longer than this hangs. */
const TRANSACTION_TIMEOUT_MS = 120_000;

/**
 * The first statement of every transaction on PostgreSQL. It makes the transactions of several processes run one after
 * another, so that log numbers follow the order of the commits. On SQLite every transaction begins with the one write lock.
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
 * Opens three connections: one for reading, one for transactions, during which the adapter lets nothing else run, and one
 * for the hot-path queries, since the adapter hides its own.
 */
async function openSqlite(url: string): Promise<Database> {
  const path = sqlitePath(url);
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
  return databaseOf('sqlite', { read, write, hotPath: hotPathSqlite(path) });
}

async function openPostgresql(url: string): Promise<Database> {
  const pool = new Pool({ connectionString: url });
  // An idle connection may be lost: the next query opens another one.
  pool.on('error', () => undefined);
  const factory = new PrismaPg(pool);
  const where = withoutPassword(url);
  await orExplain(`PostgreSQL ${where}: expected a server that answers (see DATABASE_URL)`, () =>
    migratePostgresql(url),
  );
  // Both clients are made from one schema, so that the types of one serve both.
  const client = new PostgresqlClient({ adapter: factory }) as unknown as PrismaClient;
  return databaseOf('postgresql', { read: client, write: client, hotPath: hotPathPostgresql(pool) });
}

/** The provider of each open transaction, for the few statements that the two databases spell differently. */
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
  readonly hotPath: HotPathQueries;
}

function databaseOf(provider: DatabaseProvider, { read, write, hotPath }: Connections): Database {
  const writes = new Mutex();
  let isInTransaction = false;
  const run = <T>(work: (transaction: Transaction) => Promise<T>): Promise<T> => {
    // Under another level a transaction of PostgreSQL would see the state from before it got the lock.
    const isolationLevel = provider === 'postgresql' ? ('ReadCommitted' as 'Serializable') : undefined;
    const options = { timeout: TRANSACTION_TIMEOUT_MS, maxWait: TRANSACTION_TIMEOUT_MS, isolationLevel };
    const locked = async (transaction: Transaction) => {
      providers.set(transaction, provider);
      if (provider === 'postgresql') await transaction.$executeRawUnsafe(WRITE_LOCK);
      isInTransaction = true;
      return work(transaction);
    };
    return writes.runExclusive(() => write.$transaction(locked, options).finally(() => (isInTransaction = false)));
  };
  return {
    provider,
    read,
    hotPath,
    write: run,
    checkWrite: async () => {
      // Nothing is written, but a read-only file, or a lock that another process holds, says so.
      if (!isInTransaction) await run(async () => undefined);
    },
    dispose: () =>
      writes.runExclusive(async () => {
        // So that the file alone has everything: the driver may keep its connections open until they are collected.
        if (provider === 'sqlite') await write.$queryRawUnsafe('PRAGMA wal_checkpoint(TRUNCATE)');
        await Promise.all([read.$disconnect(), write.$disconnect()]);
        await hotPath.dispose();
      }),
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

/** The SQLite adapter keeps the database's words in the cause, after a code; a refused connection keeps a list of errors. */
function reasonOf(error: unknown): string {
  const { message, cause, errors } = error as Error & { cause?: { originalMessage?: string }; errors?: Error[] };
  const said = cause?.originalMessage ?? (message || (errors ?? []).map((each) => each.message).join('; '));
  return said.replace(/^SQLITE_\w+: /, '');
}

function withoutPassword(url: string): string {
  return url.replace(/:[^:@/]*@/, ':…@');
}
