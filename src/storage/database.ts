/** The database: which one, how it is opened, and the one way to write to it. */
import { dirname } from 'node:path';

import { PrismaPg } from '@prisma/adapter-pg';

import { PrismaClient as PostgresqlClient } from '../../prisma/generated/postgresql/client';
import { PrismaClient } from '../../prisma/generated/sqlite/client';
import { DATABASE_DEFAULTS, type DatabaseSettings, withoutPassword } from '../config';
import { openWritableFolder } from '../files/disk';
import { DatabaseError, NewerTablesError, reasonOf } from './database-error';
import { hotPathPostgresql, type HotPathQueries, hotPathSqlite } from './hot-path-queries';
import {
  applyMigrations,
  COUNT_APPLIED,
  type DatabaseProvider,
  MigrationError,
  type MigrationTarget,
  readMigrations,
} from './migrations';
import { connectWithRetries, postgresqlPool } from './postgresql-pool';
import { sqliteAdapter, sqliteMigrationTarget } from './sqlite-adapter';
import { sqlitePath } from './sqlite-snapshot';
import { openedOn, type Transaction } from './transaction';
import { openWalCheckpoints, openWalSync } from './write-ahead-log';
import { TRANSACTION_TIMEOUT_MS, WRITE_LOCK, type WriteAheadLog, WriteQueue } from './write-queue';

export interface Database {
  readonly provider: DatabaseProvider;
  /** For reading only. It never sees what a transaction has not committed yet. */
  readonly read: PrismaClient;
  /** For the reads that every request makes. */
  readonly hotPath: HotPathQueries;
  /**
   * Runs `work` as one transaction, when those before it are done; whatever it throws undoes all of it. It resolves when the
   * change is on the disk.
   *
   * @param timeoutMs - How long it may take; absent: two minutes.
   * @throws {DatabaseError} When the database does not answer, or other processes hold its write lock for too long.
   * @throws {NewerTablesError} When a newer version of the program has changed the tables since this process opened them.
   */
  write<T>(work: (transaction: Transaction) => Promise<T>, options?: { readonly timeoutMs?: number }): Promise<T>;
  /**
   * Runs a short transaction that is not part of the log, such as the renewal of a lease. On PostgreSQL it waits for no other transaction,
   * so long ones do not hold it up; on SQLite it is the same as `write`.
   */
  writeAside<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /**
   * Resolves when the database answers, and a SQLite file can be written to; at once when a transaction of this process is under way. On
   * PostgreSQL it does not wait for the transactions of others.
   *
   * @throws The database's error when it cannot; as `write` when the tables are newer.
   */
  checkWrite(): Promise<void>;
  dispose(): Promise<void>;
}

/** Longer than the pool itself waits: a transaction that gave up before would be the last in the pool's queue at its next attempt. */
const ASIDE_OPTIONS = { maxWait: TRANSACTION_TIMEOUT_MS };

/**
 * Opens the database and brings its tables up to date. A SQLite file, and the folder it lies in, are made when missing.
 *
 * @param url - `file:./data/tigerql.db` (relative to the working directory) or `postgresql://user:password@host/name`.
 * @throws {DatabaseError} When it cannot be opened; the message says what, where and what to do.
 * @throws {FolderError} When the folder of a SQLite file cannot be written.
 * @throws {MigrationError} When its tables cannot be brought up to date.
 */
export async function openDatabase(url: string, settings: DatabaseSettings = DATABASE_DEFAULTS): Promise<Database> {
  if (url.startsWith('file:')) return openSqlite(url);
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgresql(url, settings);
  throw new DatabaseError(`DATABASE_URL: expected file:… or postgresql://…, got ${withoutPassword(url)}`);
}

/**
 * Opens one connection for reading alone, for a thread that reads much. The tables must be there.
 *
 * @param url - The same as for `openDatabase`.
 */
export async function openForReading(
  url: string,
  settings: DatabaseSettings = DATABASE_DEFAULTS,
): Promise<Pick<Database, 'provider' | 'read' | 'dispose'>> {
  if (url.startsWith('file:')) {
    const read = new PrismaClient({ adapter: sqliteAdapter(sqlitePath(url), { isReadOnly: true }) });
    return { provider: 'sqlite', read, dispose: () => read.$disconnect() };
  }
  const pool = postgresqlPool(url, { ...settings, poolSize: 1 });
  const read = new PostgresqlClient({ adapter: new PrismaPg(pool) }) as unknown as PrismaClient;
  const dispose = async () => {
    await read.$disconnect();
    await pool.end();
  };
  return { provider: 'postgresql', read, dispose };
}

/**
 * Opens three connections: one for reading, one for transactions, during which the adapter lets nothing else run, and one
 * for the hot-path queries, since the adapter hides its own.
 */
async function openSqlite(url: string): Promise<Database> {
  const path = sqlitePath(url);
  await openWritableFolder(dirname(path), 'DATABASE_URL');
  await orExplain(`SQLite file ${path}: expected a database that can be written (see DATABASE_URL)`, () =>
    migrateSqlite(path),
  );
  const read = new PrismaClient({ adapter: sqliteAdapter(path, { isReadOnly: true }) });
  const write = new PrismaClient({ adapter: sqliteAdapter(path) });
  // `WalSync` and `WalCheckpoints` wait for the disk, so that no commit blocks the event loop for it.
  // Without `secure_delete` the file would keep what is deleted, such as a user's name, until other rows come in its place.
  const pragmas = ['journal_mode = WAL', 'synchronous = NORMAL', 'wal_autocheckpoint = 0', 'foreign_keys = ON'];
  for (const pragma of [...pragmas, 'secure_delete = ON']) {
    await write.$queryRawUnsafe(`PRAGMA ${pragma}`);
  }
  const wal = { sync: await openWalSync(path), checkpoints: openWalCheckpoints(path) };
  return databaseOf('sqlite', { read, write, hotPath: hotPathSqlite(path), wal });
}

async function openPostgresql(url: string, settings: DatabaseSettings): Promise<Database> {
  const where = withoutPassword(url);
  await orExplain(`PostgreSQL ${where}: expected a server that answers (see DATABASE_URL)`, () =>
    migratePostgresql(url, settings),
  );
  const pool = postgresqlPool(url, settings);
  const factory = new PrismaPg(pool);
  // Both clients are made from one schema, so that the types of one serve both.
  const client = new PostgresqlClient({ adapter: factory }) as unknown as PrismaClient;
  return databaseOf('postgresql', { read: client, write: client, hotPath: hotPathPostgresql(pool), wal: null });
}

interface Connections {
  readonly read: PrismaClient;
  readonly write: PrismaClient;
  readonly hotPath: HotPathQueries;
  readonly wal: WriteAheadLog | null;
}

function databaseOf(provider: DatabaseProvider, { read, write, hotPath, wal }: Connections): Database {
  const refuseNewer = newerTablesRefusal(provider);
  const queue = new WriteQueue({ provider, write, wal, refuseNewer });
  return {
    provider,
    read,
    hotPath,
    write: (work, options) => queue.run(work, options?.timeoutMs),
    writeAside: (work) => {
      if (provider === 'sqlite') return queue.run(work);
      return read.$transaction(async (transaction) => {
        openedOn(provider, transaction);
        await refuseNewer(transaction);
        return work(transaction);
      }, ASIDE_OPTIONS);
    },
    checkWrite: async () => {
      if (queue.isInTransaction) return;
      // Nothing is written, but a read-only file, or a lock that another process holds, says so.
      if (provider === 'sqlite') return queue.run(async () => undefined);
      await refuseNewer(read);
    },
    dispose: async () => {
      await wal?.checkpoints.dispose();
      await queue.afterAll(async () => {
        // The driver may keep its connections open until they are collected, and the file alone must have all changes.
        if (provider === 'sqlite') await write.$queryRawUnsafe('PRAGMA wal_checkpoint(TRUNCATE)');
        await Promise.all([read.$disconnect(), write.$disconnect()]);
        await hotPath.dispose();
        await wal?.sync.dispose();
      });
    },
  };
}

/** @returns A function that throws when the tables are newer than the program. */
function newerTablesRefusal(provider: DatabaseProvider): (client: Transaction) => Promise<void> {
  const known = readMigrations(provider).length;
  return async (client) => {
    const [{ applied }] = await client.$queryRawUnsafe<{ applied: bigint | number }[]>(COUNT_APPLIED);
    if (Number(applied) <= known) return;
    throw new NewerTablesError(
      `database: expected ${known} migrations, got ${applied}: a newer version of tigerql uses it; start that version here too`,
    );
  };
}

async function migrateSqlite(path: string): Promise<void> {
  const target = await sqliteMigrationTarget(path);
  try {
    await applyMigrations(target, readMigrations('sqlite'));
  } finally {
    target.dispose();
  }
}

/** Over a connection of its own: Prisma's adapter would send each statement of a script to another one. */
async function migratePostgresql(url: string, settings: DatabaseSettings): Promise<void> {
  const connection = await connectWithRetries(url, settings);
  const target: MigrationTarget = {
    provider: 'postgresql',
    execute: async (script) => void (await connection.query(script)),
    query: async (sql) => (await connection.query<unknown[]>({ text: sql, rowMode: 'array' })).rows,
    async transaction(work) {
      // When it fails, the connection ends, and so does the transaction. A role may have a limit for statements that is too short for
      // changing large tables, and a level that would not show what others have changed until this one got the lock.
      const begin = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; ${WRITE_LOCK}`;
      await connection.query(begin);
      const result = await work();
      await connection.query('COMMIT');
      return result;
    },
  };
  try {
    await applyMigrations(target, readMigrations('postgresql'));
  } finally {
    await connection.end();
  }
}

async function orExplain(expectation: string, open: () => Promise<void>): Promise<void> {
  try {
    await open();
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    throw new DatabaseError(`${expectation}, got ${reasonOf(error)}`, { cause: error });
  }
}
