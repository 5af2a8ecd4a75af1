/** A real PostgreSQL for tests, out of the npm registry: a folder of its own, a free port, gone afterwards. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

import { Client } from 'pg';

import { PACKAGE_ROOT } from '../../src/paths';
import { openDatabase } from '../../src/storage/database';
import { openTestDatabase, type TestDatabase, useTestDatabase } from './database';
import { madeOnce, RUN_PID } from './made-once';

const PROGRAM = join(PACKAGE_ROOT, 'tests', 'support', 'postgres-server.mjs');

/** A server with an empty database. */
export interface PostgresServer {
  readonly url: string;
  /** Stops it, which cuts all connections, and starts it again. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Starts a server for tests that restart it or make users. It sorts text as English does, punctuation last.
 *
 * @param dir - Where its data lie.
 */
export async function startPostgres(dir = tmpdir()): Promise<PostgresServer> {
  const server = spawn(process.execPath, [PROGRAM, dir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(server, 'exit');
  const lines = createInterface(server.stdout);
  const url = await firstLine(server, lines);
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

/** Opens a new, empty, migrated database on the server that all tests of a run share. */
export async function openTestPostgres(): Promise<TestDatabase> {
  const server = await sharedServer();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await query(server, `CREATE DATABASE ${name} TEMPLATE migrated`);
  const url = urlOf(server, name);
  const database = await openDatabase(url);
  return {
    database,
    url,
    async dispose() {
      await database.dispose();
      await query(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

const SQLITE = ['sqlite', openTestDatabase] as const;

/** Both databases. Mutants meet SQLite alone (stryker.config.mjs): the services are one code on both, and it is the quick one. */
export const DATABASES = process.env.MUTATE ? [SQLITE] : [SQLITE, ['postgresql', openTestPostgres] as const];

/** Declares tests twice: on a SQLite file, and on a PostgreSQL database, which they share. */
export function describeOnBoth(name: string, tests: (opened: TestDatabase) => void): void {
  describe.each(DATABASES)(`${name} (%s)`, (_, open) => tests(useTestDatabase(open)));
}

/** Starts the server at the first call in a run. It ends when the run does. @returns Its URL. */
async function sharedServer(): Promise<string> {
  const made = await madeOnce('shared-postgres', async (dir) => {
    const run = process.env[RUN_PID] as string;
    const server = spawn(process.execPath, [PROGRAM, tmpdir(), run], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'], // an inherited pipe would keep Jest waiting for its end
    });
    const lines = createInterface(server.stdout);
    const url = await firstLine(server, lines);
    lines.close();
    server.stdout.destroy();
    server.unref();
    await query(url, 'CREATE DATABASE migrated');
    await (await openDatabase(urlOf(url, 'migrated'))).dispose();
    await writeFile(join(dir, 'url'), url);
  });
  return readFile(join(made, 'url'), 'utf8');
}

async function firstLine(server: ChildProcess, lines: Interface): Promise<string> {
  const ended = once(server, 'exit').then(([code]) => {
    throw new Error(`postgres-server: expected a URL, got exit code ${code}`);
  });
  ended.catch(() => undefined); // the end that comes after the line
  return Promise.race([once(lines, 'line').then(([line]) => String(line)), ended]);
}

function urlOf(server: string, database: string): string {
  return server.replace(/postgres$/, database);
}

async function query(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
