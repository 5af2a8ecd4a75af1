/** The console's GraphQL client without a browser, a socket or a key. */
import type { Client } from 'urql';

import { createClient, createRefetch } from '../../web/src/app/client';

export function consoleClient(): Client {
  return createClient({ key: null, socket: {} as never, refetch: createRefetch().exchange, onRefused: () => {} });
}

/** An answer of the server, for a `fetch` that a test gives the client. */
export function answerOf(body: object): Response {
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
}
