/** A real PostgreSQL for tests, out of the npm registry: its own folder, a free port, gone afterwards. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { PACKAGE_ROOT } from '../../src/paths';
import { openDatabase } from '../../src/storage/database';
import type { TestDatabase } from './database';

/** Starts a server and opens a new, empty, migrated database on it. It sorts text as English does, punctuation last. */
export async function openTestPostgres(): Promise<TestDatabase> {
  const server = spawn(process.execPath, [join(PACKAGE_ROOT, 'tests', 'support', 'postgres-server.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(server, 'exit');
  const firstLine = once(createInterface(server.stdout), 'line');
  const url = await Promise.race([
    firstLine.then(([line]) => String(line)),
    exit.then(([code]) => Promise.reject(new Error(`postgres-server: expected a URL, got exit code ${code}`))),
  ]);
  const database = await openDatabase(url);
  return {
    database,
    url,
    async dispose() {
      await database.dispose();
      server.stdin.end();
      await exit;
    },
  };
}
