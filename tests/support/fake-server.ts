/** A server with fake services, for each test of a file that imports this, and a socket without a client library. */
import { once } from 'node:events';

import { WebSocket } from 'ws';

import type { Config, ReadAccess } from '../../src/config';
import { type RunningServer, startServer } from '../../src/http/server';
import { createFakeApp, type FakeApp, testConfig } from './fake-ports';
import { type Subscription, type TestClient, testClient } from './graphql-client';

/** The app and the server of the last `start`, which answers with a client without a key. */
export let app: FakeApp;
export let server: RunningServer;
/** Closed after the test. */
export const open: { dispose(): unknown }[] = [];

export async function start(
  environment: NodeJS.ProcessEnv = {},
  readAccess: ReadAccess = 'open',
  limits: Partial<Config['limits']> = {},
): Promise<TestClient> {
  app = createFakeApp(readAccess);
  const started = (server = await startServer(app, testConfig(environment, limits)));
  open.push({ dispose: () => started.close() });
  return testClient(server.url);
}
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.dispose();
});

export function subscribe(document: string, variables = {}, key?: string): Subscription {
  const subscription = testClient(server.url, key).subscribe(document, variables);
  open.push(subscription);
  return subscription;
}

interface Opening {
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
}

/** Opens a socket for what no client library would send. */
export async function openSocket({ headers, path = '/graphql' }: Opening = {}) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}`, 'graphql-transport-ws', { headers });
  open.push({ dispose: () => socket.terminate() });
  const messages: { type: string; id?: string; payload?: unknown }[] = [];
  const readers: (() => void)[] = [];
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)));
    readers.shift()?.();
  });
  await once(socket, 'open');
  const closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
  return {
    closed,
    terminate: () => socket.terminate(),
    send: (message: object) => socket.send(JSON.stringify(message)),
    sendText: (text: string) => socket.send(text),
    async next() {
      if (messages.length === 0) await new Promise<void>((resolve) => readers.push(resolve));
      return messages.shift()!;
    },
  };
}

export const codesOf = (errors: unknown) =>
  (errors as { extensions: { code: string } }[]).map(({ extensions }) => extensions.code);
