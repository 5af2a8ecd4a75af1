/** The one WebSocket of the page. It stays open, so that the page notices a lost server, and it is opened again whenever it closes. */
import { type Client, createClient } from 'graphql-ws';

import { connection } from './connection';
import { authorizationOf } from './key-store';

/** The server closes with it when it does not know the key: the same key would be refused again. */
const UNAUTHENTICATED = 4401;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;
/** A dead connection that nobody closed is found after this. */
const KEEP_ALIVE_MS = 10_000;

export function openSocket(key: string | null): Client {
  return createClient({
    url: new URL('/graphql', location.href).href.replace(/^http/, 'ws'),
    lazy: false,
    connectionParams: key === null ? undefined : { authorization: authorizationOf(key) },
    keepAlive: KEEP_ALIVE_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: (error) => codeOf(error) !== UNAUTHENTICATED,
    retryWait: (retries) => wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** retries)),
    onNonLazyError: () => connection.set('refused'),
    on: {
      connected: () => connection.set('connected'),
      closed: (event) => connection.set(codeOf(event) === UNAUTHENTICATED ? 'refused' : 'lost'),
    },
  });
}

function codeOf(event: unknown): number | undefined {
  return event instanceof CloseEvent ? event.code : undefined;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
