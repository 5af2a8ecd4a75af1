/** The one WebSocket of the page. It stays open, so that the page notices a lost server, and it is opened again whenever it closes. */
import { type Client, createClient, type FormattedExecutionResult, type Sink, type SubscribePayload } from 'graphql-ws';

import type { ConnectionState } from './connection';
import { authorizationOf } from './key-store';

/** The server closes with these when it does not accept the key: the same key would be refused again. */
const REFUSALS: readonly unknown[] = [4401, 4403];
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;
/** A server that has been quiet for this long is asked whether it is still there. */
const KEEP_ALIVE_MS = 10_000;
/** A server that does not answer that question within this time counts as lost. */
const PONG_WAIT_MS = 5_000;

/** @param url - The server's, as HTTP has it. @param report - Told each state that the socket comes to. */
export function openSocket(url: string, key: string | null, report: (state: ConnectionState) => void): Client {
  let pongWait: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    lazy: false,
    connectionParams: key === null ? undefined : { authorization: authorizationOf(key) },
    keepAlive: KEEP_ALIVE_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: (event) => !isRefusal(event),
    retryWait: (retries) => wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** retries)),
    onNonLazyError: () => {}, // `closed` has told it
    on: {
      connected: () => report('connected'),
      ping: (isReceived) => {
        if (!isReceived) pongWait = setTimeout(() => client.terminate(), PONG_WAIT_MS);
      },
      pong: (isReceived) => isReceived && clearTimeout(pongWait),
      closed: (event) => {
        clearTimeout(pongWait);
        report(isRefusal(event) ? 'refused' : 'lost');
      },
    },
  });
  return client;
}

function isRefusal(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'code' in event && REFUSALS.includes(event.code);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Subscribes. Where the events have a number (`event`), it goes on after the last one that came, also over another connection.
 *
 * @returns Ends it.
 */
export function subscribeOn(
  socket: Pick<Client, 'subscribe'>,
  payload: SubscribePayload,
  sink: Sink<FormattedExecutionResult<Record<string, unknown>>>,
): () => void {
  let last: number | undefined;
  // The socket reads the variables each time that it sends them.
  const going = {
    ...payload,
    get variables() {
      return last === undefined ? payload.variables : { ...payload.variables, after: last };
    },
  };
  const next: typeof sink.next = (result) => {
    last = numberOf(result.data) ?? last;
    sink.next(result);
  };
  return socket.subscribe(going, { ...sink, next });
}

/** @param data - Of one event: it stands under the subscription's name. */
function numberOf(data: FormattedExecutionResult<Record<string, unknown>>['data']): number | undefined {
  const [event] = Object.values(data ?? {}) as { readonly event?: number | null }[];
  return event?.event ?? undefined;
}
