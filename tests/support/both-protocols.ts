/** Asks a server with fake services the same over both protocols. */
import type { GraphQLFormattedError } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import { server } from './fake-server';

export { app, server, start } from './fake-server';

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
