/** Prisma's adapter for SQLite files: libsql, whose binaries come out of npm for every Node and system, without a compiler. */
import { setTimeout } from 'node:timers/promises';

import type { Client, Config, Transaction } from '@libsql/client';
import { Sqlite3Client } from '@libsql/client/sqlite3';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import Libsql from 'libsql';

import { DatabaseError } from './database-error';
import { withYields, type Yielder } from './event-loop';
import type { MigrationTarget } from './migrations';

/** SQLite's own limit, since its version 3.32. */
const MAX_PARAMETERS = 32_766;

/** The driver blocks the event loop while it waits for a lock, so it waits no longer than this. */
const BUSY_TIMEOUT_MS = 10;

/** How long a transaction waits for another process that is writing, without blocking the event loop. */
const MAX_LOCK_WAIT_MS = 30_000;
/** The mean time between two attempts. With equal times two processes could keep missing each other's pauses. */
const LOCK_RETRY_MS = 10;

export interface SqliteOptions {
  readonly maxLockWaitMs?: number;
  /** Its transactions then take no write lock. */
  readonly isReadOnly?: boolean;
  /** When queries yield to the event loop. */
  readonly yielder?: Yielder;
}

/** @param path - Of the file, or `:memory:`. */
export function sqliteAdapter(
  path: string,
  { maxLockWaitMs = MAX_LOCK_WAIT_MS, isReadOnly = false, yielder }: SqliteOptions = {},
): SqlMigrationAwareDriverAdapterFactory {
  const plain = new OneConnection(path, maxLockWaitMs, isReadOnly, yielder);
  return {
    provider: plain.provider,
    adapterName: plain.adapterName,
    connect: async () => tuned(await plain.connect()),
    connectToShadowDb: () => plain.connectToShadowDb(),
  };
}

/** The adapter does not say how many parameters a statement may have, and Prisma then takes it for an old SQLite's 999. */
function tuned(connection: SqlDriverAdapter): SqlDriverAdapter {
  const getConnectionInfo = () => ({ maxBindValues: MAX_PARAMETERS, supportsRelationJoins: false });
  return Object.assign(connection, { getConnectionInfo });
}

/**
 * libsql's client opens a connection for each transaction, never closes it, and forgets the pragmas. This one keeps its
 * connection: the adapter lets nothing else run on it while a transaction is open.
 */
class OneConnection extends PrismaLibSql {
  constructor(
    path: string,
    private readonly maxLockWaitMs: number,
    private readonly isReadOnly: boolean,
    private readonly yielder?: Yielder,
  ) {
    super({ url: path });
  }

  /** @param config - Its `url` is a path, which is taken as it is. */
  override createClient({ url }: Config): Client {
    const options = { timeout: BUSY_TIMEOUT_MS };
    const connection = new Libsql(url, options);
    if (this.isReadOnly) connection.pragma('query_only = ON');
    const client = withYields(new Sqlite3Client(url, options, connection, 'number'), this.yielder);
    const transaction = async () => {
      // Prisma makes one of several queries also for reading, when a list has more values than a statement may have parameters.
      if (this.isReadOnly) connection.exec('BEGIN');
      else await beginImmediate(connection, this.maxLockWaitMs);
      return {
        execute: client.execute.bind(client),
        commit: () => commit(client, connection),
        rollback: () => client.execute('ROLLBACK'),
      } as unknown as Transaction;
    };
    return Object.assign(client, { transaction });
  }
}

/** A commit that fails, such as on a full disk, must leave no transaction that the next commit would store. */
async function commit(client: Client, connection: InstanceType<typeof Libsql>): Promise<unknown> {
  try {
    return await client.execute('COMMIT');
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Opens a connection for scripts and the changes around them, and makes the file write ahead.
 *
 * @throws {DatabaseError} When another process holds the file for too long.
 */
export async function sqliteMigrationTarget(path: string): Promise<MigrationTarget & { dispose(): void }> {
  const connection = new Libsql(path, { timeout: BUSY_TIMEOUT_MS });
  await whenFree(() => connection.pragma('journal_mode = WAL'), MAX_LOCK_WAIT_MS);
  return {
    provider: 'sqlite',
    execute: async (script) => void connection.exec(script),
    query: async (sql) => connection.prepare(sql).raw().all() as unknown[][],
    async transaction(work) {
      await beginImmediate(connection, MAX_LOCK_WAIT_MS);
      try {
        const result = await work();
        connection.exec('COMMIT');
        return result;
      } catch (error) {
        if (connection.inTransaction) connection.exec('ROLLBACK');
        throw error;
      }
    },
    dispose: () => void connection.close(),
  };
}

/**
 * Takes the one write lock at once, since a transaction that has read first could not wait for it.
 *
 * Uses `exec`, which closes a statement that fails. A prepared statement stays open until it is collected, and until then the connection
 * cannot commit.
 *
 * @throws {DatabaseError} When another process holds the lock for longer than that.
 */
async function beginImmediate(connection: Libsql.Database, maxWaitMs: number): Promise<void> {
  connection.exec('PRAGMA busy_timeout = 0');
  try {
    await whenFree(() => connection.exec('BEGIN IMMEDIATE'), maxWaitMs);
  } finally {
    connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  }
}

/** Tries again while another process holds the lock, without blocking the event loop. */
async function whenFree(take: () => unknown, maxWaitMs: number): Promise<void> {
  const deadline = performance.now() + maxWaitMs;
  while (!isFree(take)) {
    if (performance.now() > deadline) {
      throw new DatabaseError(
        `database: expected its write lock within ${maxWaitMs / 1_000} s, got none: another process holds it; try again later`,
      );
    }
    await setTimeout(2 * LOCK_RETRY_MS * Math.random());
  }
}

/** @returns False when another process holds the lock. */
function isFree(take: () => unknown): boolean {
  try {
    take();
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
