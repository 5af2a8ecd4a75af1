/** Prisma's adapter for SQLite files: libsql, whose binaries come out of npm for every Node and system, without a compiler. */
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { type Client, type Config, createClient, LibsqlError, type Transaction } from '@libsql/client';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';

import { withTurns } from './event-loop';

/** SQLite's own limit, since its version 3.32. */
const MAX_PARAMETERS = 32_766;

/** The driver blocks the event loop while it waits for a lock, so it waits this long only. */
const BUSY_TIMEOUT_MS = 10;

/** How long a transaction waits for another process that is writing, without blocking the event loop. */
const MAX_LOCK_WAIT_MS = 30_000;
const LOCK_RETRY_MS = 20;

/** @param path - Of the file, or `:memory:`. */
export function sqliteAdapter(path: string): SqlMigrationAwareDriverAdapterFactory {
  const plain = new OneConnection({
    url: path === ':memory:' ? path : pathToFileURL(path).href,
    timeout: BUSY_TIMEOUT_MS,
  });
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
  return Object.assign(withTurns(connection), { getConnectionInfo });
}

/**
 * libsql's client opens a connection for each transaction, never closes it, and forgets the pragmas. This one keeps its
 * connection: the adapter lets nothing else run on it while a transaction is open.
 */
class OneConnection extends PrismaLibSql {
  override createClient(config: Config): Client {
    const client = createClient(config);
    const transaction = async () => {
      await beginImmediate(client);
      return {
        execute: client.execute.bind(client),
        commit: () => client.execute('COMMIT'),
        rollback: () => client.execute('ROLLBACK'),
      } as unknown as Transaction;
    };
    return Object.assign(client, { transaction });
  }
}

/** Takes the one write lock at once, since a transaction that has read first could not wait for it. */
async function beginImmediate(client: Client): Promise<void> {
  const deadline = performance.now() + MAX_LOCK_WAIT_MS;
  for (;;) {
    try {
      await client.execute('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await setTimeout(LOCK_RETRY_MS);
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof LibsqlError && error.code.startsWith('SQLITE_BUSY');
}
