/** The connections to PostgreSQL: how many, and how long anything waits for them. */
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

import { Client, type ClientConfig, Pool, type PoolClient } from 'pg';

import type { DatabaseSettings } from '../config';
import { isConnectionLost, isUnanswered } from './database-error';

/**
 * The server ends a transaction that says nothing for this long: its process hangs or its machine has vanished, and all others wait for
 * its write lock. A transaction that computes for longer says so: see `allowLongPauses`.
 */
const MAX_IDLE_TRANSACTION_MS = 10_000;

/** A server that is up has ended a statement by then, and has said so. A server whose machine has vanished never says anything. */
const MAX_SILENCE_MS = 5_000;
/** The first look whether the other side of an idle connection is still there. */
const KEEP_ALIVE_MS = 10_000;

export function postgresqlPool(url: string, settings: DatabaseSettings): RetryingPool {
  const pool = new RetryingPool({
    ...clientConfig(url, settings),
    Client: CutOffClient,
    max: settings.poolSize,
    statement_timeout: settings.statementTimeoutMs,
    query_timeout: settings.statementTimeoutMs + MAX_SILENCE_MS,
    lock_timeout: settings.lockTimeoutMs,
  });
  // An idle connection may be lost: the next query opens another one.
  pool.on('error', () => undefined);
  return retryingLostQueries(pool);
}

/** Queries outside a transaction only read, so each is sent once more when its connection breaks. */
function retryingLostQueries(pool: RetryingPool): RetryingPool {
  const ask = pool.query.bind(pool) as (...question: unknown[]) => Promise<unknown>;
  const query = (...question: unknown[]) =>
    ask(...question).catch((error: unknown) => {
      if (!isConnectionLost(error)) throw error;
      return ask(...question);
    });
  return Object.assign(pool, { query });
}

/** A connection beside the pool, for what lasts long. It waits where there is no room for more, and for a server that restarts. */
export function connectWithRetries(url: string, settings: DatabaseSettings, more: ClientConfig = {}): Promise<Client> {
  const mayPass = (error: unknown) => isFull(error) || isConnectionLost(error);
  return untilConnected(settings.connectTimeoutMs, mayPass, () => connect({ ...clientConfig(url, settings), ...more }));
}

async function connect(config: ClientConfig): Promise<Client> {
  const client = new CutOffClient(config);
  await client.connect();
  return client;
}

function clientConfig(url: string, { connectTimeoutMs }: DatabaseSettings): ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    idle_in_transaction_session_timeout: MAX_IDLE_TRANSACTION_MS,
    application_name: 'tigerql',
  };
}

/**
 * Ends its connection when the server gives no answer: else a transaction would wait as long again to be undone, and then be used
 * again.
 */
class CutOffClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    // The next query says so. A pool listens only while nobody has the connection, and not in between: PostgreSQL may end it with the
    // packet that opens it.
    this.on('error', () => undefined);
    const ask = this.query.bind(this) as (...question: unknown[]) => unknown;
    const query = (...question: unknown[]) => {
      const answer = ask(...question);
      if (answer instanceof Promise) answer.catch((error: unknown) => isUnanswered(error) && this.cut());
      return answer;
    };
    Object.assign(this, { query });
  }

  private cut(): void {
    (this as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream.destroy();
  }
}

type OnConnect = (error: Error | undefined, client: PoolClient | undefined, release: (error?: Error) => void) => void;

/**
 * Waits where the server or the role allows no more connections: its own may become free, or those of another server. It also waits
 * for a server that restarts. One that has been away for longer fails at once, so that nobody waits in vain.
 */
export class RetryingPool extends Pool {
  private awaySince: number | null = null;

  override connect(): Promise<PoolClient>;
  override connect(onConnect: OnConnect): void;
  override connect(onConnect?: OnConnect): Promise<PoolClient> | void {
    const client = this.connectWithRetries();
    if (onConnect === undefined) return client;
    client.then(
      (each) => onConnect(undefined, each, (error) => each.release(error)),
      (error: Error) => onConnect(error, undefined, () => undefined),
    );
  }

  private async connectWithRetries(): Promise<PoolClient> {
    const maxWaitMs = this.options.connectionTimeoutMillis ?? 0;
    for (;;) {
      try {
        const client = await untilConnected(maxWaitMs, isFull, () => super.connect());
        this.awaySince = null;
        return client;
      } catch (error) {
        if (!isConnectionLost(error)) throw error;
        this.awaySince ??= performance.now();
        if (performance.now() > this.awaySince + maxWaitMs) throw error;
        await setTimeout(RETRY_MS * (1 + Math.random()));
      }
    }
  }
}

const RETRY_MS = 50;
/** PostgreSQL's code for "too many connections", of the server or of the role. */
const TOO_MANY_CONNECTIONS = '53300';

function isFull(error: unknown): boolean {
  return (error as { code?: string }).code === TOO_MANY_CONNECTIONS;
}

async function untilConnected<T>(
  maxWaitMs: number,
  mayPass: (error: unknown) => boolean,
  connect: () => Promise<T>,
): Promise<T> {
  for (const deadline = performance.now() + maxWaitMs; ;) {
    try {
      return await connect();
    } catch (error) {
      if (!mayPass(error) || performance.now() > deadline) throw error;
      await setTimeout(RETRY_MS * (1 + Math.random()));
    }
  }
}
