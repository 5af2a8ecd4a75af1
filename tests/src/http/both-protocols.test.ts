import { createHash } from 'node:crypto';
import { join } from 'node:path';

import type { GraphQLFormattedError } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import { toGlobalId } from '../../../graphql/common/global-id';
import { OverloadedError } from '../../../src/errors';
import { type RunningServer, startServer } from '../../../src/http/server';
import { PACKAGE_ROOT } from '../../../src/paths';
import { DatabaseError } from '../../../src/storage/database-error';
import { createFakeApp, type FakeApp, heldKey, KEYS, testConfig } from '../../support/fake-ports';
import { OPERATIONS } from '../../support/operations';

interface Request {
  /** Empty when the request names its document. */
  readonly query: string;
  readonly documentId?: string;
  readonly extensions?: Record<string, unknown>;
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
      [
        [
          'QUERY_TOO_DEEP',
          'depth: expected at most 4 levels, got 5; ask for the inner fields in an operation of their own',
        ],
      ],
    ],
    [
      'too many fields',
      { query: `{ ${'__typename '.repeat(21)} }` },
      [['QUERY_TOO_LARGE', 'fields: expected at most 20, got 21; make several operations of it']],
    ],
    [
      'too many aliases',
      { query: '{ a: __typename b: __typename c: __typename }' },
      [['QUERY_TOO_LARGE', 'aliases: expected at most 2, got 3; make several operations of it']],
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
      [['BAD_USER_INPUT', 'variables: expected lists of at most 300 entries, got 301; make several calls']],
    ],
    [
      'variables that are nested too deep',
      { query: 'query ($n: Int) { items(first: $n) { nodes { id } } }', variables: { n: nested(500) } },
      [['BAD_USER_INPUT', 'variables: expected at most 64 levels of lists and objects, got more; send flatter values']],
    ],
    [
      'an argument out of bounds',
      { query: '{ items(first: 101) { nodes { id } } }' },
      [['BAD_USER_INPUT', 'first: expected a number from 1 to 100, got 101']],
    ],
    [
      'a mutation of a reader',
      { query: 'mutation { startTraining(input: { preset: "tiny" }) { job { id } } }' },
      [
        [
          'FORBIDDEN',
          'startTraining: expected a key of role ADMIN, got role READER; an admin makes one with createApiKey',
        ],
      ],
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
    ['no key', undefined, 'authorization: expected "Bearer <key>", got none; createApiKey makes keys'],
    [
      'an unknown key',
      'nobody-has-this-key',
      'authorization: expected a valid API key, got an unknown or expired one; createApiKey makes another',
    ],
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
    app.services.apiKeys.keyOf = async () => (asked++ === 0 ? heldKey('READER') : null);
    const socket = await overWebSocket({ query: '{ items(' }, KEYS.READER);
    expect(socket).toEqual(await overHttp({ query: '{ items(' }, KEYS.READER));
    expect(refusalOf(socket)).toEqual([
      [
        'UNAUTHENTICATED',
        'authorization: expected a valid API key, got an unknown or expired one; createApiKey makes another',
      ],
    ]);
  });

  it('mask an unexpected error behind the id that the log has', async () => {
    await start();
    app.services.catalogue.version = () => Promise.reject(new TypeError('no such column: secret'));
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

  it('say that the database gives no answer, and that the request may be tried again', async () => {
    await start();
    app.services.catalogue.version = () => Promise.reject(new DatabaseError('connect ECONNREFUSED 10.0.0.7:5432'));
    const { errors } = await ask({ query: '{ catalogue { version } }' });
    expect(errors).toEqual([
      {
        message: 'database: expected an answer, got none; try again (a change may have been made all the same)',
        locations: [{ line: 1, column: 15 }],
        path: ['catalogue', 'version'],
        extensions: { code: 'DATABASE_UNAVAILABLE', retryAfterSeconds: 1 },
      },
    ]);
    const body = JSON.stringify({ query: '{ catalogue { version } }' });
    const headers = { 'content-type': 'application/json' };
    const { status, headers: got } = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
    expect([status, got.get('retry-after')]).toEqual([503, '1']);
  });

  it.each([
    ['WorkerDiedError', 'server: expected a worker thread that answers, got one that ended; try again'],
    ['CheckpointStoreError', 'checkpoint store: expected an answer, got none; try again'],
  ])('say that a request may be tried again after a %s', async (name, message) => {
    await start();
    const fault = Object.assign(new Error('/var/lib/secret'), { name });
    app.services.catalogue.version = () => Promise.reject(fault);
    const { errors } = await ask({ query: '{ catalogue { version } }' });
    expect(errors).toMatchObject([{ message, extensions: { code: 'TRY_AGAIN', retryAfterSeconds: 1 } }]);
  });

  it('say so too when the key cannot be looked up', async () => {
    await start();
    app.services.apiKeys.keyOf = () => Promise.reject(new DatabaseError('connect ECONNREFUSED 10.0.0.7:5432'));
    const answer = await overHttp({ query: '{ __typename }' }, KEYS.ADMIN);
    expect(refusalOf(answer)).toEqual([
      ['DATABASE_UNAVAILABLE', expect.stringMatching(/^database: expected an answer/)],
    ]);
    const closed = await overWebSocket({ query: '{ __typename }' }, KEYS.ADMIN).catch((event: unknown) => event);
    expect(closed).toMatchObject({ code: 1013 });
  });

  it('keep what the first mutation answered when the second fails', async () => {
    await start();
    app.services.apiKeys.revoke = () => Promise.reject(new OverloadedError('keys: expected fewer'));
    const query = `mutation ($key: ID!) {
      createApiKey(input: { name: "till", role: WRITER }) { secret }
      revokeApiKey(input: { apiKeyId: $key }) { revoked }
    }`;
    const { data, errors } = await ask({ query, variables: { key: toGlobalId('ApiKey', 5) } }, KEYS.ADMIN);
    expect(data).toEqual({ createApiKey: { secret: 'secret' }, revokeApiKey: null });
    expect(errors).toMatchObject([{ path: ['revokeApiKey'], extensions: { code: 'OVERLOADED' } }]);
  });

  it('give one user a list while the list of another is refused', async () => {
    await start();
    const { createLoaders } = app.services;
    app.services.createLoaders = (signal) => {
      const loaders = createLoaders(signal);
      const busy = new OverloadedError('recommendations: expected at most 512 users waiting');
      return {
        ...loaders,
        recommendations: (id, args) => (id === 2 ? Promise.reject(busy) : loaders.recommendations(id, args)),
      };
    };
    const query = `{
      users(first: 2) { nodes { externalId recommendations(first: 1) { nodes { rank } } } }
      items(first: 1) { nodes { externalId } }
    }`;
    const { data, errors } = await ask({ query });
    expect(data).toEqual({
      users: {
        nodes: [
          { externalId: 'user-1', recommendations: { nodes: [{ rank: 1 }] } },
          { externalId: 'user-2', recommendations: null },
        ],
      },
      items: { nodes: [{ externalId: 'item-1' }] },
    });
    expect(errors).toMatchObject([{ path: ['users', 'nodes', 1, 'recommendations'] }]);
  });

  it.each(['items', 'users', 'modelVersions', 'trainingJobs'])(
    'answer the other fields when %s fails',
    async (field) => {
      await start();
      const query = `{ __typename ${field} { nodes { id } } }`;
      const fail = () => Promise.reject(new OverloadedError('busy'));
      Object.assign(app.services.catalogue, { items: fail, users: fail });
      app.services.models.versions = fail;
      app.services.trainingJobs.jobs = fail;
      const { data } = await ask({ query });
      expect(data).toEqual({ __typename: 'Query', [field]: null });
    },
  );

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
    app.services.catalogue.version = () => Promise.reject(new Error('inside'));
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

describe('trusted documents, over HTTP and over WebSocket', () => {
  const FOLDER = join(PACKAGE_ROOT, 'graphql', 'operations');
  const TRUSTED = { TIGERQL_TRUSTED_DOCUMENTS: FOLDER };
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const byHash = (sha256Hash: string) => ({ query: '', extensions: { persistedQuery: { version: 1, sha256Hash } } });
  const CATALOGUE = OPERATIONS.catalogue;

  it.each<[string, Request]>([
    ['in full', { query: CATALOGUE }],
    ['by its hash', byHash(sha256(CATALOGUE))],
    ['by its hash, and in full', { ...byHash(sha256(CATALOGUE)), query: CATALOGUE }],
    ['by its name', { query: '', documentId: 'catalogue' }],
    ['by its hash as an id', { query: '', documentId: `sha256:${sha256(CATALOGUE)}` }],
  ])('run a registered document that is given %s', async (_how, request) => {
    await start(TRUSTED);
    const { data, errors } = await ask(request);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ catalogue: { version: 7 } });
  });

  it.each<[string, Request, string]>([
    ['another text', { query: '{ __typename }' }, 'UNTRUSTED_DOCUMENT'],
    ['what tools ask about the schema', { query: '{ __schema { types { name } } }' }, 'UNTRUSTED_DOCUMENT'],
    ['a registered document with one blank more', { query: `${CATALOGUE} ` }, 'UNTRUSTED_DOCUMENT'],
    ['a text that is no document', { query: '{ items(' }, 'UNTRUSTED_DOCUMENT'],
    ['an unknown hash', byHash(sha256('{ __typename }')), 'PERSISTED_QUERY_NOT_FOUND'],
    ['an unknown name', { query: '', documentId: 'nothing' }, 'PERSISTED_QUERY_NOT_FOUND'],
    [
      'an attempt to register another',
      { ...byHash(sha256('{ __typename }')), query: '{ __typename }' },
      'PERSISTED_QUERY_NOT_FOUND',
    ],
  ])('refuse %s', async (_what, request, code) => {
    await start(TRUSTED);
    const answer = await ask(request);
    expect(answer.data).toBeUndefined();
    expect(answer.errors?.map(({ extensions }) => extensions?.code)).toEqual([code]);
  });

  it('are named in the address too', async () => {
    await start(TRUSTED);
    const headers = { 'apollo-require-preflight': 'true' };
    const extensions = encodeURIComponent(JSON.stringify(byHash(sha256(CATALOGUE)).extensions));
    for (const search of [`extensions=${extensions}`, 'documentId=catalogue']) {
      const response = await fetch(`${server.url}/graphql?${search}`, { headers });
      expect(await response.json()).toMatchObject({ data: { catalogue: { version: 7 } } });
    }
  });

  it('are said not to be supported where none are registered', async () => {
    await start();
    expect(refusalOf(await ask(byHash(sha256(CATALOGUE))))).toEqual([
      ['PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported'],
    ]);
  });
});

describe('known attacks, over HTTP and over WebSocket', () => {
  it.each<[string, string, string]>([
    [
      'alias overloading',
      `{ ${Array.from({ length: 101 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
      'QUERY_TOO_LARGE',
    ],
    ['directive overloading', `{ __typename ${'@aa'.repeat(500)} }`, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'circular introspection',
      `{ __schema { types { ${'fields { type { '.repeat(5)} name ${'} }'.repeat(5)} } } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a fragment that contains itself', '{ ...A } fragment A on Query { ...A }', 'GRAPHQL_VALIDATION_FAILED'],
    ['field duplication', `{ ${'catalogue { version } '.repeat(400)} }`, 'QUERY_TOO_LARGE'],
    ['field duplication in fragments', `{ ${'... { __typename } '.repeat(300)} }`, 'QUERY_TOO_LARGE'],
    ['a text of many tokens', `{ ${'__typename '.repeat(5_000)} }`, 'GRAPHQL_PARSE_FAILED'],
    ['deep nesting', `{ semanticIdPrefix { ${'parent { '.repeat(20)} depth ${'} '.repeat(20)} } }`, 'QUERY_TOO_DEEP'],
    [
      'lists within lists',
      '{ users(first: 100) { nodes { recommendations(first: 100) { nodes { item { similarItems(first: 100) { nodes { id } } } } } } } }',
      'QUERY_TOO_COSTLY',
    ],
  ])('%s is refused before anything runs, in a short answer', async (_attack, query, code) => {
    await start();
    const answer = await ask({ query });
    expect(answer.errors?.[0].extensions?.code).toBe(code);
    expect(JSON.stringify(answer).length).toBeLessThan(3_000);
    expect(app.services.calls).toEqual([]);
  });

  it('no answer has traces, places in our code, or a header that names the engine', async () => {
    await start();
    app.services.catalogue.version = () => Promise.reject(new Error('at src/secret.ts'));
    for (const query of ['{ catalogue { version } }', '{ nothing }', '{ items(', '{ __typename }']) {
      for (const answer of [await overHttp({ query }), await overWebSocket({ query })]) {
        expect(JSON.stringify(answer)).not.toMatch(/stacktrace|tracing|node_modules|\.ts\b|\.js\b/);
      }
    }
    const { headers } = await fetch(`${server.url}/graphql`, { method: 'POST' });
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('a text of SQL stays a text', async () => {
    await start();
    const variables = { externalId: "'; DROP TABLE Item; --" };
    const { data } = await ask({
      query: 'query ($externalId: String!) { item(externalId: $externalId) { id } }',
      variables,
    });
    expect(data).toEqual({ item: null });
  });

  it.each<[string, unknown]>([
    ['a NUL character', 'a\0b'],
    ['half of a surrogate pair', 'a\ud83d'],
  ])('%s in an argument is named as the mistake of the caller', async (_what, externalId) => {
    await start();
    const query = 'query ($externalId: String!) { item(externalId: $externalId) { id } }';
    const { errors } = await ask({ query, variables: { externalId } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [['externalId']] } }]);
  });
});
