/**
 * Hints that another process has changed the database, so that this one looks at once. A hint may get lost, and it does not say what
 * has changed: a process that gets one reads what is stored, and it also looks now and then without a hint.
 *
 * PostgreSQL sends them (NOTIFY): one for each change of the catalogue or of a training's progress. Each takes a lock of all
 * databases of the server, so interactions send none. A SQLite file tells by a number that a change of any kind raises.
 */
import Libsql from 'libsql';
import type { Client } from 'pg';

import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import type { DatabaseSettings } from '../config';
import { Backoff, pause } from '../waiting/polling';
import { connectPostgresql } from './postgresql-pool';
import { providerOf, type Transaction } from './transaction';

/** The name under which PostgreSQL sends hints. */
const CHANNEL = 'tigerql_changes';

export interface Hints {
  dispose(): Promise<void>;
}

/** The last hint of each transaction: one is enough. */
const noted = new WeakMap<Transaction, string>();

/** Tells the other processes that something is new, when the transaction is committed. On SQLite the commit itself tells them. */
export function sendHint(transaction: Transaction, subject: 'catalogue' | 'training', id: number): void {
  noted.set(transaction, `${subject} ${id}`);
}

/** Sends the hint of a transaction that is committed. Never rejects: a role that may send none, or a full queue, undoes no change. */
export async function sendNotedHint(client: Pick<PrismaClient, '$queryRaw'>, transaction: Transaction): Promise<void> {
  const hint = noted.get(transaction);
  if (hint === undefined || providerOf(transaction) === 'sqlite') return;
  await client.$queryRaw`SELECT CAST(pg_notify(${CHANNEL}, ${hint}) AS TEXT)`.catch(() => undefined);
}

const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 10_000;
/** How often the server is asked whether it is there, and how long it may take to say so. */
const ASK_EVERY_MS = 30_000;
const MAX_SILENCE_MS = 5_000;

/** Listens on a connection of its own, and connects anew whenever that is lost. A connection that is made counts as a hint. */
export function postgresqlHints(url: string, settings: DatabaseSettings, onHint: () => void): Hints {
  const stop = new AbortController();
  const working = (async () => {
    const wait = new Backoff(FIRST_WAIT_MS, MAX_WAIT_MS);
    while (!stop.signal.aborted) {
      const client = await connectPostgresql(url, settings).catch(() => null);
      if (client !== null) {
        await listen(client, onHint, stop.signal).catch(() => undefined);
        wait.afterSuccess();
      }
      await pause(wait.afterFailure(), stop.signal);
    }
  })();
  return {
    async dispose() {
      stop.abort();
      await working;
    },
  };
}

/** Resolves when the connection is lost, or must end. */
async function listen(client: Client, onHint: () => void, stop: AbortSignal): Promise<void> {
  const lost = new AbortController();
  client.once('error', () => lost.abort()).once('end', () => lost.abort());
  client.on('notification', onHint);
  const ended = AbortSignal.any([stop, lost.signal]); // so that a connection that is lost leaves nothing on `stop`
  try {
    await client.query(`LISTEN ${CHANNEL}`);
    onHint();
    await checkAlive(client, ended);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A dead connection looks like a quiet one. So this asks something now and then. It resolves when no answer comes, or at the signal. */
async function checkAlive(client: Client, ended: AbortSignal): Promise<void> {
  const question = { text: 'SELECT 1', query_timeout: MAX_SILENCE_MS };
  let isAnswered = true;
  while (isAnswered) {
    await pause(ASK_EVERY_MS, ended);
    isAnswered = !ended.aborted && (await client.query(question).then(() => true, () => false)); // prettier-ignore
  }
}

/** SQLite needs some microseconds to give the number. */
const LOOK_EVERY_MS = 50;

/** A file that cannot be read hints once, and once more when it can be: the process reads it then, and says what is wrong. */
export function sqliteHints(path: string, onHint: () => void): Hints {
  const connection = new Libsql(path);
  const statement = connection.prepare('PRAGMA data_version').raw();
  let seen: number | null = 0;
  const timer = setInterval(() => {
    const version = numberFrom(statement);
    if (version === seen) return;
    seen = version;
    onHint();
  }, LOOK_EVERY_MS).unref();
  return {
    async dispose() {
      clearInterval(timer);
      connection.close();
    },
  };
}

/** @returns Null when the file gives none, such as on a disk that fails. */
function numberFrom(statement: { get(): unknown }): number | null {
  try {
    const [version] = statement.get() as [number];
    return version;
  } catch {
    return null;
  }
}
