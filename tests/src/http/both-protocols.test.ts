import { OverloadedError } from '../../../src/errors';
import { DatabaseError } from '../../../src/storage/database-error';
import {
  type Request,
  app,
  ask,
  overHttp,
  overWebSocket,
  refusalOf,
  server,
  start,
} from '../../support/both-protocols';
import { KEYS } from '../../support/fake-ports';

describe('GraphQL over HTTP and over WebSocket', () => {
  const LIMITS = { maxDepth: 4, maxCost: 300, maxTokens: 120, maxFields: 20, maxAliases: 2, maxListLength: 300 };
  const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
  const TWO = 'query One { __typename } query Two { __typename }';
  const costly = (n: number) =>
    `{ users(first: ${n}) { nodes { id } } items(first: ${n}) { nodes { id } } modelVersions(first: ${n}) { nodes { id } } }`;

  it.each<[string, Request, ReturnType<typeof refusalOf>]>([
    ['a syntax error', { query: '{ items(' }, [['GRAPHQL_PARSE_FAILED', 'Syntax Error: Expected Name, found <EOF>.']]],
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
      'too many aliases',
      { query: '{ a: __typename b: __typename c: __typename }' },
      [['QUERY_TOO_LARGE', 'aliases: expected at most 2, got more; make several operations of it']],
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
      [['BAD_USER_INPUT', 'ids: expected at most 300 entries, got 301; make several calls']],
    ],
    [
      'variables that are nested too deep',
      { query: 'query ($n: Int) { items(first: $n) { nodes { id } } }', variables: { n: nested(500) } },
      [['BAD_USER_INPUT', 'n.0.0.0.0.0.0.0: expected at most 32 levels, got more; send flatter values']],
    ],
    [
      'an argument out of bounds',
      { query: '{ items(first: 101) { nodes { id } } }' },
      [['BAD_USER_INPUT', 'first: expected a number from 1 to 100, got 101']],
    ],
    [
      'a mutation of a caller without a key',
      { query: 'mutation { startTraining(input: { preset: TINY }) { job { id } } }' },
      [['FORBIDDEN', 'startTraining: expected a key of role ADMIN, got no key; an admin makes one with createApiKey']],
    ],
  ])('refuse %s with the same code and message', async (_what, request, refusal) => {
    await start({}, 'open', LIMITS);
    expect(refusalOf(await ask(request))).toEqual(refusal);
    expect(app.services.calls).toEqual([]);
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

  it('give one user a list while the list of another is refused', async () => {
    await start();
    const { recommender } = app.services;
    const { recommend } = recommender;
    const busy = new OverloadedError('recommendations: expected at most 512 users waiting');
    recommender.recommend = (subject, args) => (subject.userId === 2 ? Promise.reject(busy) : recommend(subject, args));
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

  it('count and log each operation alike', async () => {
    await start({}, 'open', LIMITS);
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
    expect(text).not.toContain('Fine'); // callers choose names
    const lines = app.logLines
      .filter(({ msg }) => msg === 'The operation was answered.')
      .map(({ operationName, outcome }) => [operationName, outcome]);
    expect(lines).toHaveLength(8);
    expect(lines.slice(4)).toEqual(lines.slice(0, 4));
    expect(lines[0]).toEqual(['Fine', 'ok']);
  });
});
