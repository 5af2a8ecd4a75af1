import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';

import { KEYS } from '../../support/fake-ports';
import { app, server, start } from '../../support/fake-server';

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
const codesOf = async (response: Response) =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors.map(
    ({ extensions }) => extensions.code,
  );

describe('graphqlRoute', () => {
  it('refuses a mutation in the address', async () => {
    await start();
    const query = encodeURIComponent('mutation { startTraining(input: { preset: TINY }) { job { id } } }');
    const headers = { 'apollo-require-preflight': 'true', authorization: `Bearer ${KEYS.ADMIN}` };
    const response = await fetch(`${server.url}/graphql?query=${query}`, { headers });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(app.services.calls).toEqual([]);
  });

  it.each(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'])(
    'refuses an operation that a form of a foreign page could send as %s',
    async (type) => {
      await start();
      const response = await post('query=%7B__typename%7D', { 'content-type': type });
      expect(response.status).toBe(415);
      expect(await response.text()).toContain(`content-type: expected application/json, got \\"${type}\\"`);
    },
  );

  it('says what it does not understand of a body', async () => {
    await start({}, 'open', { maxReaderBodyBytes: 1000 });
    const raw = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
      fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'x-apollo-operation-name': 'x', ...headers }, body });
    const json = { 'content-type': 'application/json' };
    const zipped = gzipSync(JSON.stringify({ query: `{ __typename } ${' '.repeat(2_000)}` }));
    const gzip = { ...json, 'content-encoding': 'gzip' };
    const answers = await Promise.all([
      raw('{ __typename }', { 'content-type': 'application/graphql' }),
      raw('', json),
      raw(new Uint8Array(zipped), gzip),
      raw(new Uint8Array(zipped.subarray(0, 20)), gzip),
    ]);
    const faults = answers.map(async (answer) => {
      const { errors } = (await answer.json()) as { errors: { message: string }[] };
      return [answer.status, errors[0].message];
    });
    expect(await Promise.all(faults)).toEqual([
      [415, 'content-type: expected application/json, got "application/graphql"'],
      [400, 'body: expected JSON, got nothing'],
      [413, 'body: expected at most 1000 bytes, got more'],
      // Under Jest, the reader does not know an error of zlib for one, and says less.
      [400, expect.stringMatching(/^body: expected JSON, got (unexpected end of file|Bad Request)$/)],
    ]);
  });

  it.each([
    ['a subscription', 'subscription { catalogueChanges { version } }'],
    [
      'one that a variable may leave out',
      'subscription ($on: Boolean!) { catalogueChanges @include(if: $on) { version } }',
    ],
    ['one of several', 'query A { __typename } subscription B { catalogueChanges { version } }', 'B'],
  ])('sends %s to the other protocol', async (_which, query, operationName: string | undefined = undefined) => {
    await start();
    const response = await post(JSON.stringify({ query, operationName, variables: { on: true } }));
    expect(response.status).toBe(400);
    const message =
      'operation: expected a query or a mutation over HTTP, got a subscription; open a WebSocket at /graphql';
    expect(await response.json()).toEqual({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('runs the query of a document that has a subscription too, and says what is wrong with that', async () => {
    await start();
    const documentOf = (condition: string) =>
      `query A { __typename } subscription B($on: Boolean!) { catalogueChanges ${condition} { version } }`;
    const ask = (query: string) => post(JSON.stringify({ query, operationName: 'A' }));
    expect(await (await ask(documentOf('').replace('($on: Boolean!)', ''))).json()).toEqual({
      data: { __typename: 'Query' },
    });
    const refused = await ask(documentOf('@include(if: $on)'));
    expect([refused.status, await codesOf(refused)]).toEqual([400, ['GRAPHQL_VALIDATION_FAILED']]);
  });

  it('refuses a batch of operations', async () => {
    await start();
    const response = await post(JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]));
    expect(response.status).toBe(400);
  });

  it.each([
    ['a hash of another text', { version: 1, sha256Hash: 'ab'.repeat(32) }],
    ['an unknown version', { version: 2, sha256Hash: 'ab'.repeat(32) }],
  ])('refuses a persisted query with %s as a mistake of the client', async (_what, persistedQuery) => {
    await start();
    const response = await post(JSON.stringify({ query: '{ __typename }', extensions: { persistedQuery } }));
    expect([response.status, await codesOf(response)]).toEqual([400, ['BAD_REQUEST']]);
  });

  // Apollo Client 4 reads no errors out of a refusal of another type.
  it.each([
    ['application/graphql-response+json,application/json;q=0.9', 'application/graphql-response+json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
  ])('answers who accepts %s in %s, whatever refuses the request', async (accept, type) => {
    await start();
    const typeOf = async (response: Promise<Response>) => (await response).headers.get('content-type');
    expect(await typeOf(post('{"query":"{ nothing }"}', { accept }))).toBe(type);
    expect(await typeOf(post('{"query":"{ __typename }"}', { accept, authorization: 'Bearer nobody' }))).toBe(type);
    expect(await typeOf(post('{', { accept }))).toBe(type);
  });

  it("takes a query in the address from a page of this server, as urql's clients send it", async () => {
    await start({ ALLOWED_ORIGINS: 'https://shop.example' });
    const accept = 'application/graphql-response+json, application/graphql+json, application/json, text/event-stream';
    const get = (headers: Record<string, string>) =>
      raw(`/graphql?query=${encodeURIComponent('{ __typename }')}`, { accept, ...headers });
    const lan = { host: '192.168.1.7:4000', referer: 'http://192.168.1.7:4000/shop' };
    const allowed: Record<string, string>[] = [
      { 'sec-fetch-site': 'same-origin' },
      { origin: 'https://shop.example' },
      lan,
    ];
    for (const headers of allowed) expect(await get(headers)).toMatchObject({ status: 200 });
    const refused: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
      { ...lan, referer: 'http://evil.example/' },
    ];
    for (const headers of refused) expect(await get(headers)).toMatchObject({ status: 400 });
  });

  it.each<[string, NodeJS.ProcessEnv, number]>([
    ['localhost:4000', {}, 200],
    ['evil.example', {}, 403],
    ['api.example', { PUBLIC_URL: 'https://api.example' }, 200],
    ['evil.example', { PUBLIC_URL: 'https://api.example' }, 403],
  ])('answers a caller without a key who calls it %s with settings %j by %d', async (host, env, status) => {
    await start(env);
    const headers = { host, 'apollo-require-preflight': 'true' };
    for (const path of ['/graphql?query={__typename}', '/operations', '/schema.graphql', '/metrics'])
      expect([path, (await raw(path, headers)).status]).toEqual([path, status]);
    const withKey = { ...headers, authorization: `Bearer ${KEYS.READER}` };
    expect((await raw('/graphql?query={__typename}', withKey)).status).toBe(200);
    expect((await raw('/health/live', headers)).status).toBe(200);
  });

  it.each<[string, string | undefined, number[]]>([
    ['nobody', undefined, [401, 401, 401]],
    ['someone with an unknown key', 'nobody', [401, 401, 401]],
    ['a reader', KEYS.READER, [200, 200, 200]],
    ['an admin', KEYS.ADMIN, [200, 200, 200]],
  ])(
    'shows %s the documents, the schema and the metrics by role when reading is closed',
    async (_who, key, statuses) => {
      await start({ TIGERQL_READ_ACCESS: 'key' }, 'key');
      const headers = key ? { authorization: `Bearer ${key}` } : undefined;
      const paths = ['/operations', '/schema.graphql', '/metrics'];
      expect(await Promise.all(paths.map(async (path) => (await raw(path, headers)).status))).toEqual(statuses);
    },
  );

  it('shows the metrics to keys alone while users and their histories are closed', async () => {
    await start({ TIGERQL_READ_ACCESS: 'catalogue' }, 'catalogue');
    expect((await raw('/metrics', {})).status).toBe(403);
    expect((await raw('/metrics', { authorization: `Bearer ${KEYS.READER}` })).status).toBe(200);
  });

  it.each(['{ __schema { types { name } } }', '{ nothin }', '{ items('])(
    'tells nothing about the schema without a key when reading is closed: %s',
    async (query) => {
      await start({ TIGERQL_READ_ACCESS: 'key' }, 'key');
      const response = await post(JSON.stringify({ query }));
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    },
  );

  it.each([['Bearer nobody-has-this-key'], ['Basic dXNlcjpwYXNz'], ['Bearer'], [KEYS.ADMIN]])(
    'refuses the authorization %j instead of ignoring it',
    async (authorization) => {
      await start();
      const response = await post(JSON.stringify({ query: '{ __typename }' }), { authorization });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await codesOf(response)).toEqual(['UNAUTHENTICATED']);
    },
  );

  it('gives each answer the id of its request', async () => {
    const client = await start();
    const ids = await Promise.all(
      [1, 2].map(async () => (await client.execute('{ __typename }')).headers.get('x-request-id')),
    );
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('answers with headers that forbid foreign content and caching', async () => {
    await start();
    const { headers } = await post('{"query":"{ __typename }"}');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('takes a query in the address, and a trailing slash, but no other path', async () => {
    await start();
    const get = (path: string) => fetch(`${server.url}${path}`, { headers: { 'apollo-require-preflight': 'true' } });
    const answers = await Promise.all(
      ['?query={__typename}', '/?query={__typename}'].map((end) => get(`/graphql${end}`)),
    );
    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    expect(bodies).toEqual([0, 1].map(() => ({ data: { __typename: 'Query' } })));
    expect((await get('/graphql2?query={__typename}')).status).toBe(404);
  });

  it('lets a page of an allowed origin ask by any name, and tells it why its request is refused', async () => {
    await start({ ALLOWED_ORIGINS: 'https://shop.example' });
    const headers = { host: 'api.example', origin: 'https://shop.example' };
    const method = { 'access-control-request-method': 'POST' };
    const preflight = await raw('/graphql', { ...headers, ...method }, 'OPTIONS');
    expect(preflight).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': headers.origin } });
    const refused = await raw('/graphql?query={__typename}', headers);
    expect(refused).toMatchObject({ status: 403, headers: { 'access-control-allow-origin': headers.origin } });
    const foreign = await raw('/graphql', { ...headers, ...method, origin: 'https://evil.example' }, 'OPTIONS');
    expect(foreign.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

/** A request with the headers as given; fetch sets some of its own. */
function raw(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${server.url}${path}`, { headers, method }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
    });
    request.on('error', reject);
    request.end();
  });
}
