/** Asks a server with fake services the same over both protocols. */
import type { GraphQLFormattedError } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import type { Config } from '../../src/config';
import { type RunningServer, startServer } from '../../src/http/server';
import { createFakeApp, type FakeApp, testConfig } from './fake-ports';

export interface Request {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: unknown;
}

type Ask = (request: Request, key?: string) => Promise<Answer>;

/** The app and the server of the last `start`. */
export let app: FakeApp;
export let server: RunningServer;

export async function start(
  environment: NodeJS.ProcessEnv = {},
  readAccess: 'open' | 'key' = 'open',
  limits: Partial<Config['limits']> = {},
) {
  app = createFakeApp(readAccess);
  server = await startServer(app, testConfig(environment, limits));
}
afterEach(() => server.close());

export const overHttp: Ask = async (request, key) => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify(request),
  });
  return (await response.json()) as Answer;
};

/** Refused operations end with a list of errors, all others with a result. */
export const overWebSocket: Ask = async (request, key) => {
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: key ? { authorization: `Bearer ${key}` } : {},
  });
  try {
    return await new Promise<Answer>((resolve, reject) => {
      client.subscribe(request, {
        next: (result) => resolve(result as Answer),
        error: (error) => (Array.isArray(error) ? resolve({ errors: error }) : reject(error)),
        complete: () => undefined,
      });
    });
  } finally {
    await client.dispose();
  }
};

/** @returns The answer that both protocols give. */
export async function ask(request: Request, key?: string): Promise<Answer> {
  const answer = await overHttp(request, key);
  expect(await overWebSocket(request, key)).toEqual(answer);
  return answer;
}

export const refusalOf = ({ errors = [] }: Answer) =>
  errors.map(({ message, extensions }) => [extensions?.code, message]);
