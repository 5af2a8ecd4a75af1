import type { GraphQLFormattedError } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import { OverloadedError } from '../../../src/errors';
import { type RunningServer, startServer } from '../../../src/http/server';
import { createFakeApp, type FakeApp, KEYS, testConfig } from '../../support/fake-ports';
import { OPERATIONS } from '../../support/operations';

interface Request {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: unknown;
}

type Ask = (request: Request, key?: string) => Promise<Answer>;

let app: FakeApp;
let server: RunningServer;

async function start(environment: NodeJS.ProcessEnv = {}, readAccess: 'open' | 'key' = 'open') {
  app = createFakeApp(readAccess);
  server = await startServer(app, testConfig(environment));
}
afterEach(() => server.close());

const overHttp: Ask = async (request, key) => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify(request),
  });
  return (await response.json()) as Answer;
};

/** Refused operations end with a list of errors, all others with a result. */
const overWebSocket: Ask = async (request, key) => {
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
async function ask(request: Request, key?: string): Promise<Answer> {
  const answer = await overHttp(request, key);
  expect(await overWebSocket(request, key)).toEqual(answer);
  return answer;
}

const refusalOf = ({ errors = [] }: Answer) => errors.map(({ message, extensions }) => [extensions?.code, message]);

describe('GraphQL over HTTP and over WebSocket', () => {
  const LIMITS = {
    TIGERQL_MAX_DEPTH: '4',
    TIGERQL_MAX_COST: '300',
    TIGERQL_MAX_TOKENS: '120',
    TIGERQL_MAX_FIELDS: '20',
    TIGERQL_MAX_ALIASES: '2',
    TIGERQL_MAX_LIST_LENGTH: '300',
  };
  const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
  const TWO = 'query One { __typename } query Two { __typename }';
  const costly = (n: number) =>
    `{ users(first: ${n}) { nodes { id } } items(first: ${n}) { nodes { id } } modelVersions(first: ${n}) { nodes { id } } }`;

  it.each<[string, Request, ReturnType<typeof refusalOf>]>([
    ['a syntax error', { query: '{ items(' }, [['GRAPHQL_PARSE_FAILED', 'Syntax Error: Expected Name, found <EOF>.']]],
    [
      'too many tokens',
      { query: `{ ${'__typename '.repeat(200)} }` },
      [['GRAPHQL_PARSE_FAILED', 'Syntax Error: Document contains more that 120 tokens. Parsing aborted.']],
    ],
    [
      'two unknown fields',
      { query: '{ nothing { at } all }' },
      [
        ['GRAPHQL_VALIDATION_FAILED', 'Cannot query field "nothing" on type "Query".'],
        ['GRAPHQL_VALIDATION_FAILED', 'Cannot query field "all" on type "Query".'],
      ],
    ],
    [
      'an unknown operation',
      { query: TWO, operationName: 'Three' },
      [['OPERATION_RESOLUTION_FAILURE', 'Unknown operation named "Three".']],
    ],
    [
      'an operation that is not named among two',
      { query: TWO },
      [['OPERATION_RESOLUTION_FAILURE', 'Must provide operation name if query contains multiple operations.']],
    ],
    [
      'fields that are nested too deep',
      { query: '{ items { nodes { semanticId { prefixes { depth } } } } }' },
      [['QUERY_TOO_DEEP', 'depth: expected at most 4 levels, got 5']],
    ],
    [
      'too many fields',
      { query: `{ ${'__typename '.repeat(21)} }` },
      [['QUERY_TOO_LARGE', 'fields: expected at most 20, got 21']],
    ],
    [
      'too many aliases',
      { query: '{ a: __typename b: __typename c: __typename }' },
      [['QUERY_TOO_LARGE', 'aliases: expected at most 2, got 3']],
    ],
    [
      'a cost that is too high',
      { query: costly(100) },
      [['QUERY_TOO_COSTLY', 'cost: expected at most 300, got 303; ask for fewer rows']],
    ],
    [
      'a variable of the wrong type',
      { query: 'query ($n: Int) { items(first: $n) { nodes { id } } }', variables: { n: 'x' } },
      [['BAD_USER_INPUT', 'Variable "$n" got invalid value "x"; Int cannot represent non-integer value: "x"']],
    ],
    [
      'a list of variables that is too long',
      { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids: new Array(301).fill('x') } },
      [['BAD_USER_INPUT', 'variables: expected lists of at most 300 entries, got 301']],
    ],
    [
      'variables that are nested too deep',
      { query: 'query ($n: Int) { items(first: $n) { nodes { id } } }', variables: { n: nested(500) } },
      [['BAD_USER_INPUT', 'variables: expected at most 64 levels of lists and objects, got more']],
    ],
    [
      'an argument out of bounds',
      { query: '{ items(first: 101) { nodes { id } } }' },
      [['BAD_USER_INPUT', 'first: expected a number from 1 to 100, got 101']],
    ],
    [
      'a mutation of a reader',
      { query: 'mutation { startTraining(input: { preset: "tiny" }) { job { id } } }' },
      [['FORBIDDEN', 'startTraining: expected a key of role ADMIN, got role READER']],
    ],
  ])('refuse %s with the same code and message', async (_what, request, refusal) => {
    await start(LIMITS);
    expect(refusalOf(await ask(request))).toEqual(refusal);
    expect(app.services.calls).toEqual([]);
  });

  it('let what is just within the limits pass', async () => {
    await start(LIMITS);
    expect((await ask({ query: costly(99) })).errors).toBeUndefined();
  });

  it.each<[string, string | undefined, string]>([
    ['no key', undefined, 'authorization: expected "Bearer <key>", got none'],
    ['an unknown key', 'nobody-has-this-key', 'authorization: expected a valid API key, got an unknown one'],
  ])('refuse %s with the same code and message', async (_what, key, message) => {
    await start({}, 'key');
    expect(refusalOf(await overHttp({ query: '{ __typename }' }, key))).toEqual([['UNAUTHENTICATED', message]]);
    // A socket is refused when it introduces itself: by a close frame, before any operation.
    const close = { code: 4401, reason: `UNAUTHENTICATED ${message}` };
    await expect(overWebSocket({ query: '{ __typename }' }, key)).rejects.toMatchObject(close);
  });

  it('look for the key before they read the operation', async () => {
    await start();
    let asked = 0;
    // A socket asks when it opens and again for its operation: the key is revoked in between.
    app.services.apiKeys.roleOf = async () => (asked++ === 0 ? 'READER' : null);
    const socket = await overWebSocket({ query: '{ items(' }, KEYS.READER);
    expect(socket).toEqual(await overHttp({ query: '{ items(' }, KEYS.READER));
    expect(refusalOf(socket)).toEqual([
      ['UNAUTHENTICATED', 'authorization: expected a valid API key, got an unknown one'],
    ]);
  });

  it('mask an unexpected error behind the id that the log has', async () => {
    await start();
    app.services.catalogue.summary = () => Promise.reject(new TypeError('no such column: secret'));
    const request = { query: '{ catalogue { version } }' };
    const answers = [await overHttp(request), await overWebSocket(request)];
    const errorIds = answers.map(({ errors }) => errors?.[0].extensions?.errorId as string);
    expect(app.logLines.map(({ errorId }) => errorId)).toEqual(errorIds);
    expect(JSON.stringify(answers)).not.toMatch(/no such|secret/);
    const [http, socket] = answers.map((answer, i) => JSON.parse(JSON.stringify(answer).replaceAll(errorIds[i], 'ID')));
    expect(socket).toEqual(http);
    expect(refusalOf(http)).toEqual([
      ['INTERNAL_SERVER_ERROR', 'The server failed. Its log has the details under the id ID.'],
    ]);
  });

  it('say that the server is overloaded, and when to come back', async () => {
    await start();
    app.services.recommender.recommendForHistory = () =>
      Promise.reject(new OverloadedError('recommendations: expected at most 512 users waiting', 3));
    const { errors } = await ask({ query: OPERATIONS['history-recommendations'], variables: { history: ['item-1'] } });
    expect(errors).toMatchObject([
      {
        message: 'recommendations: expected at most 512 users waiting',
        extensions: { code: 'OVERLOADED', retryAfterSeconds: 3 },
      },
    ]);
  });

  it('answer a mistake in an input with user errors, not with errors', async () => {
    await start();
    const input = { itemIds: ['nonsense'] };
    const { data, errors } = await ask({ query: OPERATIONS['remove-items'], variables: { input } }, KEYS.ADMIN);
    expect(errors).toBeUndefined();
    const message = 'itemIds.0: expected the id of an item, got "nonsense"';
    expect(data).toMatchObject({
      removeItems: { items: [null], userErrors: [{ code: 'NOT_FOUND', message, field: ['itemIds', '0'] }] },
    });
  });

  it('give the notes of the context as extensions', async () => {
    await start();
    const request = { query: OPERATIONS['history-recommendations'], variables: { history: ['nobody'] } };
    expect((await ask(request)).extensions).toEqual({ skippedItems: ['nobody'] });
  });

  it('count and log each operation alike', async () => {
    await start(LIMITS);
    app.logger.level = 'debug';
    app.services.catalogue.summary = () => Promise.reject(new Error('inside'));
    const queries = ['query Fine { __typename }', '{ nothing }', costly(100), '{ catalogue { version } }'];
    for (const query of queries) await overHttp({ query });
    for (const query of queries) await overWebSocket({ query });
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text.split('\n').filter((line) => line.startsWith('tigerql_operations_total'))).toEqual([
      'tigerql_operations_total{operation="query",outcome="ok"} 2',
      'tigerql_operations_total{operation="invalid",outcome="GRAPHQL_VALIDATION_FAILED"} 2',
      'tigerql_operations_total{operation="query",outcome="QUERY_TOO_COSTLY"} 2',
      'tigerql_operations_total{operation="query",outcome="INTERNAL_SERVER_ERROR"} 2',
    ]);
    const lines = app.logLines
      .filter(({ msg }) => msg === 'The operation was answered.')
      .map(({ operationName, outcome }) => [operationName, outcome]);
    expect(lines).toHaveLength(8);
    expect(lines.slice(4)).toEqual(lines.slice(0, 4));
    expect(lines[0]).toEqual(['Fine', 'ok']);
  });
});
