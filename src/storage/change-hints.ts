/**
 * Hints that another process has changed the database, so that this one looks at once. A hint may get lost, and it does not say what
 * has changed: a process that gets one reads what is stored, and it also looks now and then without a hint.
 *
 * PostgreSQL sends them (NOTIFY): one for each change of the catalogue or of a training's progress. Each takes a lock of all
 * databases of the server, so interactions send none. SQLite has none.
 */
import { once } from 'node:events';

import type { Client } from 'pg';

import type { DatabaseSettings } from '../config';
import { Backoff, pause } from '../waiting/polling';
import { connectPostgresql } from './postgresql-pool';
import { providerOf, type Transaction } from './transaction';

/** The name under which PostgreSQL sends hints. */
const CHANNEL = 'tigerql_changes';

export interface Hints {
  dispose(): Promise<void>;
}

/** Tells the other processes, once, that something is new when the transaction is committed. */
export async function sendHint(transaction: Transaction): Promise<void> {
  if (providerOf(transaction) === 'sqlite') return;
  await transaction.$executeRawUnsafe(`NOTIFY ${CHANNEL}`);
}

const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 10_000;

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
    if (!ended.aborted) await once(ended, 'abort');
  } finally {
    await client.end().catch(() => undefined);
  }
}
