/** A real PostgreSQL for tests, out of the npm registry: its own folder, a free port, gone afterwards. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { PACKAGE_ROOT } from '../../src/paths';
import { openDatabase } from '../../src/storage/database';
import type { TestDatabase } from './database';

/** A server with an empty database. */
export interface PostgresServer {
  readonly url: string;
  /** Stops it, which cuts all connections, and starts it again. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * It sorts text as English does, punctuation last.
 *
 * @param dir - Where its data lie.
 */
export async function startPostgres(dir = tmpdir()): Promise<PostgresServer> {
  const program = join(PACKAGE_ROOT, 'tests', 'support', 'postgres-server.mjs');
  const server = spawn(process.execPath, [program, dir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(server, 'exit');
  const lines = createInterface(server.stdout);
  const firstLine = once(lines, 'line');
  const url = await Promise.race([
    firstLine.then(([line]) => String(line)),
    exit.then(([code]) => Promise.reject(new Error(`postgres-server: expected a URL, got exit code ${code}`))),
  ]);
  return {
    url,
    async restart() {
      const restarted = once(lines, 'line');
      server.stdin.write('restart\n');
      await restarted;
    },
    async dispose() {
      server.stdin.end();
      await exit;
    },
  };
}

/** Starts a server and opens a new, empty, migrated database on it. */
export async function openTestPostgres(): Promise<TestDatabase> {
  const server = await startPostgres();
  const database = await openDatabase(server.url);
  return {
    database,
    url: server.url,
    async dispose() {
      await database.dispose();
      await server.dispose();
    },
  };
}
