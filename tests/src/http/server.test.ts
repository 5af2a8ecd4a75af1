import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';

import { getIntrospectionQuery } from 'graphql';

import { OverloadedError } from '../../../src/errors';
import { startServer, type RunningServer } from '../../../src/http/server';
import { createFakeApp, type FakeApp, KEYS, testConfig } from '../../support/fake-ports';
import { testClient } from '../../support/graphql-client';
import { OPERATIONS } from '../../support/operations';

let app: FakeApp;
let server: RunningServer;

async function start(environment: NodeJS.ProcessEnv = {}, readAccess: 'open' | 'key' = 'open') {
  app = createFakeApp(readAccess);
  server = await startServer(app, testConfig(environment));
  return testClient(server.url);
}
afterEach(() => server.close());

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
const codesOf = async (response: Response) =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors.map(
    ({ extensions }) => extensions.code,
  );

describe('the HTTP door', () => {
  it('refuses what is too deep, too costly, too long and too large, each with its code', async () => {
    const client = await start({
      TIGERQL_MAX_DEPTH: '8',
      TIGERQL_MAX_COST: '300',
      TIGERQL_MAX_TOKENS: '250',
      TIGERQL_MAX_ALIASES: '2',
    });
    const deep =
      '{ semanticIdPrefix { parent { parent { parent { parent { parent { parent { parent { depth } } } } } } } } }';
    expect((await client.execute(deep)).expectErrors()).toEqual(['QUERY_TOO_DEEP']);
    const costly = '{ users(first: 100) { nodes { history(first: 100) { nodes { kind } } } } }';
    expect((await client.execute(costly)).expectErrors()).toEqual(['QUERY_TOO_COSTLY']);
    const long = `{ ${'__typename '.repeat(300)} }`;
    expect((await client.execute(long)).expectErrors()).toEqual(['GRAPHQL_PARSE_FAILED']);
    const aliased = '{ a: __typename b: __typename c: __typename }';
    const answer = await client.execute(aliased);
    expect(answer.expectErrors()).toEqual(['QUERY_TOO_LARGE']);
    expect(answer.status).toBe(400);
    expect(answer.errors[0].extensions).toEqual({ code: 'QUERY_TOO_LARGE' });
  });

  it('answers what tools ask about the schema', async () => {
    const client = await start();
    const { __schema } = (await client.execute(getIntrospectionQuery())).expectData();
    expect(__schema.types.length).toBeGreaterThan(50);
  });

  it('refuses a body that is too long, and one that is no JSON', async () => {
    await start({ TIGERQL_MAX_BODY_BYTES: '1000' });
    const long = await post(JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(1000) } }));
    expect(long.status).toBe(413);
    expect(await codesOf(long)).toEqual(['BAD_REQUEST']);
    const broken = await post('{ "query": ');
    expect(broken.status).toBe(400);
    expect(await codesOf(broken)).toEqual(['BAD_REQUEST']);
  });

  it('refuses a batch of operations', async () => {
    await start();
    const response = await post(JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]));
    expect(response.status).toBe(400);
  });

  it('refuses a request that a foreign page could send unasked', async () => {
    await start();
    const response = await fetch(`${server.url}/graphql?query={__typename}`, {
      headers: { 'content-type': 'text/plain' },
    });
    expect(response.status).toBe(400);
  });

  it('lets a reader read, and names the role that a mutation wants', async () => {
    const client = await start();
    (await client.execute(OPERATIONS.catalogue)).expectData();
    app.services.calls.splice(0);
    const answer = await client.execute(OPERATIONS['start-training'], { input: { preset: 'tiny' } });
    expect(answer.expectErrors()).toEqual(['FORBIDDEN']);
    expect(answer.errors[0].message).toBe('startTraining: expected a key of role ADMIN, got role READER');
    expect(app.services.calls).toEqual([]);
  });

  it('lets a writer record, and no more', async () => {
    await start();
    const writer = testClient(server.url, KEYS.WRITER);
    const interactions = [{ userExternalId: 'u', itemExternalId: 'item-1' }];
    (await writer.execute(OPERATIONS['record-interactions'], { input: { interactions } })).expectData();
    const answer = await writer.execute(OPERATIONS['remove-items'], { input: { itemIds: ['x'] } });
    expect(answer.expectErrors()).toEqual(['FORBIDDEN']);
  });

  it.each([['Bearer nobody-has-this-key'], ['Basic dXNlcjpwYXNz'], ['Bearer'], [KEYS.ADMIN]])(
    'does not take %j for no key',
    async (authorization) => {
      await start();
      const response = await post(JSON.stringify({ query: '{ __typename }' }), { authorization });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await codesOf(response)).toEqual(['UNAUTHENTICATED']);
    },
  );

  it('wants a key for reading when reading is closed', async () => {
    const anonymous = await start({}, 'key');
    expect((await anonymous.execute('{ __typename }')).expectErrors()).toEqual(['UNAUTHENTICATED']);
    (await testClient(server.url, KEYS.READER).execute('{ __typename }')).expectData();
  });

  it('shows nothing of an unexpected error but the id that the log has', async () => {
    const client = await start();
    app.services.catalogue.summary = () => Promise.reject(new TypeError('no such column: Item.secret'));
    const answer = await client.execute('{ catalogue { version } }');
    expect(answer.expectErrors()).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(JSON.stringify(answer.errors)).not.toMatch(/no such|secret|TypeError|stack/);
    expect(app.logLines).toMatchObject([
      {
        errorId: answer.errors[0].extensions?.errorId,
        err: { type: 'TypeError', message: 'no such column: Item.secret' },
      },
    ]);
  });

  it('answers 503 with Retry-After when overload is all that went wrong', async () => {
    const client = await start();
    app.services.recommender.recommendForHistory = () => {
      throw new OverloadedError('recommendations: expected at most 512 users waiting', 3);
    };
    const answer = await client.execute(OPERATIONS['history-recommendations'], { history: ['item-1'] });
    expect(answer.expectErrors()).toEqual(['OVERLOADED']);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('3');
  });

  it('answers 200 when something else went wrong as well', async () => {
    const client = await start();
    app.services.recommender.recommendForHistory = () => Promise.reject(new OverloadedError('busy'));
    const document = '{ recommendations(history: ["a"]) { catalogueVersion } items(first: 0) { nodes { id } } }';
    expect((await client.execute(document)).status).toBe(200);
  });

  it('does not wait for a request that never ends', async () => {
    await start({ TIGERQL_REQUEST_TIMEOUT_MS: '50' });
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 408 /);
    socket.destroy();
  });

  it('gives each answer the id of its request', async () => {
    const client = await start();
    const ids = await Promise.all(
      [1, 2].map(async () => (await client.execute('{ __typename }')).headers.get('x-request-id')),
    );
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('answers with headers that keep pages apart and answers out of caches', async () => {
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

  it('tells a page what it may send', async () => {
    await start({ ALLOWED_ORIGINS: 'https://shop.example' });
    const headers = { origin: 'https://shop.example', 'access-control-request-method': 'POST' };
    const response = await fetch(`${server.url}/graphql`, { method: 'OPTIONS', headers });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
  });

  it('masks what goes wrong before an operation is known', async () => {
    await start();
    Object.assign(app, { createContext: () => Promise.reject(new TypeError('secret')) });
    const response = await post('{"query":"{ __typename }"}');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });

  it('lets pages of allowed origins call, and no others', async () => {
    await start({ ALLOWED_ORIGINS: 'https://shop.example' });
    const allowed = await post('{"query":"{ __typename }"}', { origin: 'https://shop.example' });
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    const foreign = await post('{"query":"{ __typename }"}', { origin: 'https://evil.example' });
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the other routes', () => {
  it('say whether the server lives and is ready, and if not, why', async () => {
    await start();
    expect(await (await fetch(`${server.url}/health/live`)).json()).toEqual({ live: true });
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    app.ready = async () => ({ ready: false, reasons: ['database: unreachable'] });
    const response = await fetch(`${server.url}/health/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ready: false, reasons: ['database: unreachable'] });
  });

  it('count operations by kind and outcome, never by a name that a caller chose', async () => {
    const client = await start();
    await client.execute('query Chosen { __typename }');
    await client.execute('{ nothing }');
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toContain('tigerql_operations_total{operation="query",outcome="ok"} 1');
    expect(text).toContain('tigerql_operations_total{operation="invalid",outcome="GRAPHQL_VALIDATION_FAILED"} 1');
    expect(text).not.toContain('Chosen');
  });

  it('serve a page that needs nothing from elsewhere', async () => {
    await start();
    const page = await fetch(server.url);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).not.toMatch(/https?:\/\/|<script>|style=/);
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link);
    const statuses = await Promise.all(links.map(async (link) => (await fetch(`${server.url}/${link}`)).status));
    expect(statuses).toEqual(links.map(() => 200));
    const operations = (await (await fetch(`${server.url}/operations`)).json()) as { name: string }[];
    expect(operations.map(({ name }) => name)).toEqual(Object.keys(OPERATIONS).sort());
  });
});

describe('startServer', () => {
  it('refuses a port that is taken, and disposes of the app', async () => {
    await start();
    const port = new URL(server.url).port;
    const second = createFakeApp();
    await expect(startServer(second, testConfig({ PORT: port }))).rejects.toThrow(/^PORT: expected a free port/);
    expect([second.isStarted(), second.isDisposed()]).toEqual([false, true]);
    expect(app.isStarted()).toBe(true);
  });

  it('closes the port again when the app cannot start', async () => {
    await start();
    const broken = createFakeApp();
    broken.start = () => Promise.reject(new Error('jobs: expected a table, got none'));
    await expect(startServer(broken, testConfig())).rejects.toThrow('jobs: expected a table');
    expect(broken.isDisposed()).toBe(true);
  });

  it('lets a running request finish when it is closed, then disposes of the app', async () => {
    const client = await start();
    let onAsked: () => void;
    let answer: () => void;
    const asked = new Promise<void>((resolve) => (onAsked = resolve));
    const slow = app.services.catalogue.summary;
    app.services.catalogue.summary = async () => {
      onAsked();
      await new Promise<void>((resolve) => (answer = resolve));
      expect(app.isDisposed()).toBe(false);
      return slow();
    };
    const running = client.execute('{ catalogue { version } }');
    await asked;
    const closed = server.close();
    await refusesConnections(server.url);
    answer!();
    expect((await running).expectData()).toEqual({ catalogue: { version: 7 } });
    await closed;
    expect(app.isDisposed()).toBe(true);
  });

  it('closes once, however often it is asked to', async () => {
    await start();
    await Promise.all([server.close(), server.close()]);
    expect(app.isDisposed()).toBe(true);
  });
});

/** Tries until nothing listens any more. */
async function refusesConnections(url: string): Promise<void> {
  for (;;) {
    const isRefused = await new Promise<boolean>((resolve) => {
      const request = httpRequest(`${url}/health/live`, { agent: false }, (response) => {
        response.resume();
        resolve(false);
      });
      request.on('error', () => resolve(true));
      request.end();
    });
    if (isRefused) return;
  }
}
