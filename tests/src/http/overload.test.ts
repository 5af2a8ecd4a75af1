/** What the server refuses so that it can go on serving: too much work, too many connections, too large messages. */
import { once } from 'node:events';
import { connect } from 'node:net';

import { WebSocket } from 'ws';

import { type RunningServer, startServer } from '../../../src/http/server';
import { createFakeApp, type FakeApp, KEYS, testConfig } from '../../support/fake-ports';
import { testClient } from '../../support/graphql-client';
import { OPERATIONS } from '../../support/operations';

let app: FakeApp;
let server: RunningServer;
const open: { dispose(): unknown }[] = [];

async function start(environment: NodeJS.ProcessEnv = {}) {
  app = createFakeApp();
  server = await startServer(app, testConfig(environment));
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.dispose()));
  await server.close();
});

const LIST = { document: OPERATIONS['history-recommendations'], variables: { history: ['item-1'] } };

/** Makes lists wait. @returns The signal of each list that was asked for, and what lets them go on. */
function holdLists() {
  const signals: (AbortSignal | undefined)[] = [];
  const asked: (() => void)[] = [];
  let release: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  const { recommendForHistory } = app.services.recommender;
  app.services.recommender.recommendForHistory = async (history, args, signal) => {
    signals.push(signal);
    asked.shift()?.();
    await released;
    return recommendForHistory(history, args);
  };
  return {
    signals,
    asked: () => new Promise<void>((resolve) => asked.push(resolve)),
    release: () => release(),
  };
}

const reasonOf = (signal?: AbortSignal) => (signal?.reason as { extensions?: unknown } | undefined)?.extensions;

const overHttp = (document: string, variables = {}, key?: string) =>
  testClient(server.url, key).execute(document, variables);

/** @returns The codes of the errors. */
async function codesOverWebSocket(document: string, variables = {}, key?: string): Promise<unknown> {
  const subscription = testClient(server.url, key).subscribe(document, variables);
  open.push(subscription);
  const errors = await Promise.race([subscription.ended, subscription.next().then((result) => result.errors ?? [])]);
  return (errors as { extensions: { code: string } }[] | undefined)?.map(({ extensions }) => extensions.code);
}

function rawSocket(headers: Record<string, string> = {}): WebSocket {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
  socket.on('error', () => undefined);
  open.push({ dispose: () => socket.terminate() });
  return socket;
}

describe('the admission of operations', () => {
  it('refuses what is too much, with a time to come back, over both protocols', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2' });
    const lists = holdLists();
    const asked = lists.asked();
    const first = overHttp(LIST.document, LIST.variables);
    await asked;
    const refused = await overHttp('{ __typename }');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(refused.errors).toMatchObject([{ extensions: { code: 'OVERLOADED', retryAfterSeconds: 1 } }]);
    expect(await codesOverWebSocket('{ __typename }')).toEqual(['OVERLOADED']);
    lists.release();
    (await first).expectData();
    (await overHttp('{ __typename }')).expectData();
    expect(await codesOverWebSocket('{ __typename }')).toEqual([]);
  });

  it('tells pages of allowed origins that they are refused', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2', ALLOWED_ORIGINS: 'https://shop.example' });
    const lists = holdLists();
    const asked = lists.asked();
    const first = overHttp(LIST.document, LIST.variables);
    await asked;
    const { status, headers } = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://shop.example' },
      body: '{"query":"{ __typename }"}',
    });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([503, 'https://shop.example']);
    lists.release();
    await first;
  });

  it('answers /health/live while every place is taken', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '1' });
    const lists = holdLists();
    const asked = lists.asked();
    const first = overHttp(LIST.document, LIST.variables);
    await asked;
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    lists.release();
    await first;
  });

  it('gives the places of requests back that came in one packet, when their connection ends', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '8' });
    const lists = holdLists();
    const { hostname, port } = new URL(server.url);
    const client = connect(Number(port), hostname);
    const body = JSON.stringify({ query: LIST.document, variables: LIST.variables });
    const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    const all = Promise.all([1, 2, 3, 4].map(() => lists.asked()));
    client.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`.repeat(4));
    await all;
    expect((await overHttp('{ __typename }')).status).toBe(503);
    client.destroy();
    let status = 503;
    while (status === 503) ({ status } = await overHttp('{ __typename }'));
    const own = lists.signals.map((signal) => signal?.aborted);
    expect([status, own]).toEqual([200, [true, true, true, true]]);
    lists.release();
  });

  it('gives the places of refused and failed operations back', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2' });
    for (const document of ['{ items(', '{ nothing }', '{ items(first: 101) { nodes { id } } }']) {
      await overHttp(document);
      await codesOverWebSocket(document);
    }
    await fetch(`${server.url}/graphql`, { method: 'OPTIONS' });
    await fetch(`${server.url}/graphql`, {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    (await overHttp('{ __typename }')).expectData();
    expect(await codesOverWebSocket('{ __typename }')).toEqual([]);
  });

  it('counts callers behind a trusted proxy one by one', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2', TIGERQL_TRUSTED_PROXIES: '127.0.0.1' });
    const lists = holdLists();
    const ask = (address: string) =>
      fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify({ query: LIST.document, variables: LIST.variables }),
      });
    const asked = lists.asked();
    const first = ask('9.9.9.1');
    await asked;
    expect((await ask('9.9.9.1')).status).toBe(503);
    const second = ask('9.9.9.2');
    lists.release();
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
  });

  it('lets a caller start only so many operations a second, over both protocols', async () => {
    await start({ TIGERQL_MAX_CALLER_RATE: '1' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => overHttp('{ __typename }')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0].headers.get('retry-after')).toBe('1');
    expect(refused[0].expectErrors()).toEqual(['TOO_MANY_OPERATIONS']);
    expect(refused[0].errors[0].extensions).toMatchObject({ retryAfterSeconds: 1 });
    const codes = await Promise.all(Array.from({ length: 10 }, () => codesOverWebSocket('{ __typename }')));
    expect(codes).toContainEqual(['TOO_MANY_OPERATIONS']);
  });

  it.each(['/schema.graphql', '/operations', '/metrics', '/', '/assets/none.js', '/no/such/path'])(
    'counts %s too, but no check of health',
    async (path) => {
      await start({ TIGERQL_MAX_CALLER_RATE: '1' });
      const statusOf = async (other: string) => (await fetch(`${server.url}${other}`)).status;
      const refused = async () => (await Promise.all(Array.from({ length: 5 }, () => statusOf(path)))).includes(429);
      while (!(await refused()));
      const checks = ['/health/live', '/health/ready'].flatMap((check) => new Array<string>(5).fill(check));
      expect(await Promise.all(checks.map(statusOf))).toEqual(new Array(10).fill(200));
    },
  );

  it('does not let a caller without a valid key spend what belongs to another', async () => {
    await start({ TIGERQL_MAX_CALLER_RATE: '1' });
    const strangers = Array.from({ length: 10 }, (_, i) => overHttp('{ __typename }', {}, `unknown-key-${i}`));
    const statuses = (await Promise.all(strangers)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    (await overHttp('{ __typename }', {}, KEYS.READER)).expectData();
  });
});

describe('the deadline', () => {
  it('ends a query over both protocols, and tells those who work for it', async () => {
    await start({ TIGERQL_DEADLINE_MS: '50' });
    const lists = holdLists();
    const answer = await overHttp(LIST.document, LIST.variables);
    expect([answer.status, answer.expectErrors()]).toEqual([504, ['DEADLINE_EXCEEDED']]);
    expect(await codesOverWebSocket(LIST.document, LIST.variables)).toEqual(['DEADLINE_EXCEEDED']);
    expect(lists.signals.map((signal) => signal?.aborted)).toEqual([true, true]);
    lists.release();
  });

  it('does not end a mutation, whose changes stay', async () => {
    await start({ TIGERQL_DEADLINE_MS: '20' });
    const lists = holdLists();
    const { removeItems } = app.services.catalogue;
    app.services.catalogue.removeItems = async (itemIds) => {
      // A query that begins later meets its own deadline meanwhile, so the mutation's has passed.
      expect((await overHttp(LIST.document, LIST.variables)).expectErrors()).toEqual(['DEADLINE_EXCEEDED']);
      return removeItems(itemIds);
    };
    const input = { itemIds: [Buffer.from('Item:1').toString('base64url')] };
    (await overHttp(OPERATIONS['remove-items'], { input }, KEYS.ADMIN)).expectData();
    lists.release();
  });
});

describe('a client that goes', () => {
  it('ends the work for its HTTP request, and gives the place back', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2' });
    const lists = holdLists();
    const asked = lists.asked();
    const client = new AbortController();
    const body = JSON.stringify({ query: LIST.document, variables: LIST.variables });
    const headers = { 'content-type': 'application/json' };
    const request = fetch(`${server.url}/graphql`, { method: 'POST', headers, body, signal: client.signal });
    await asked;
    const [signal] = lists.signals;
    const aborted = once(signal!, 'abort');
    client.abort();
    await expect(request).rejects.toThrow();
    await aborted;
    expect(reasonOf(signal)).toMatchObject({ code: 'CANCELLED' });
    (await overHttp('{ __typename }')).expectData();
    lists.release();
  });

  it('ends the work for its WebSocket, and gives the place back', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2' });
    const lists = holdLists();
    const asked = lists.asked();
    const socket = rawSocket();
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await once(socket, 'message');
    const payload = { query: LIST.document, variables: LIST.variables };
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
    await asked;
    const [signal] = lists.signals;
    const aborted = once(signal!, 'abort');
    socket.terminate();
    await aborted;
    expect(reasonOf(signal)).toMatchObject({ code: 'CANCELLED' });
    lists.release();
    (await overHttp('{ __typename }')).expectData();
  });
});

describe('a client that goes before anybody knows who it is', () => {
  const QUERY = '/graphql?query={items(first:1){nodes{id}}}';
  const ask = (signal?: AbortSignal) =>
    fetch(`${server.url}${QUERY}`, { headers: { 'apollo-require-preflight': 'true' }, signal }).catch(() => null);
  const someTurns = async () => {
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  };

  it('takes no place', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2' });
    const callers = holdCallers(1);
    const client = new AbortController();
    const request = ask(client.signal);
    const [life] = await callers.asked;
    client.abort();
    await Promise.all([request, ended(life)]);
    callers.release();
    await someTurns();
    (await overHttp('{ __typename }')).expectData();
    expect(app.services.calls).toEqual([]);
  });

  it('is no failure of a server that stops', async () => {
    await start({ TIGERQL_SHUTDOWN_GRACE_MS: '0' });
    const callers = holdCallers(20);
    const requests = Promise.all(Array.from({ length: 20 }, () => ask()));
    const lives = await callers.asked;
    await Promise.all([server.close(), requests, ...lives.map(ended)]);
    callers.release();
    await someTurns();
    expect(app.logLines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
    expect(app.services.calls).toEqual([]);
  });

  it('is no failure of a server that stops while the request waits for its turn', async () => {
    await start({ TIGERQL_SHUTDOWN_GRACE_MS: '0' });
    const callers = holdCallers(100);
    const requests = Promise.all(Array.from({ length: 100 }, () => ask()));
    await callers.asked;
    callers.release();
    await Promise.all([server.close(), requests]);
    await someTurns();
    expect(app.logLines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });
});

/** Makes operations wait before anybody knows who asks for them. @returns The life of each, once so many wait. */
function holdCallers(count: number) {
  const { createContext } = app;
  const lives: AbortSignal[] = [];
  let release: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  const asked = new Promise<AbortSignal[]>((resolve) => {
    const hold: typeof createContext = async (authorization, signal) => {
      if (lives.push(signal!) === count) resolve(lives);
      await released;
      return createContext(authorization, signal);
    };
    Object.assign(app, { createContext: hold });
  });
  return { asked, release: () => release() };
}

async function ended(life: AbortSignal): Promise<void> {
  if (!life.aborted) await once(life, 'abort');
}

describe('what a client has completed', () => {
  const subscribe = (id: string, payload: object) => JSON.stringify({ type: 'subscribe', id, payload });

  async function acknowledged(headers: Record<string, string> = {}): Promise<WebSocket> {
    const socket = rawSocket(headers);
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    return socket;
  }

  it('does not run on', async () => {
    await start({ TIGERQL_MAX_OPERATIONS: '2' });
    const lists = holdLists();
    const asked = lists.asked();
    const socket = await acknowledged();
    socket.send(subscribe('1', { query: LIST.document, variables: LIST.variables }));
    await asked;
    const [signal] = lists.signals;
    const aborted = once(signal!, 'abort');
    socket.send('{"type":"complete","id":"1"}');
    await aborted;
    expect(reasonOf(signal)).toMatchObject({ code: 'CANCELLED' });
    socket.send(subscribe('2', { query: '{ __typename }' }));
    expect(await nextOf(socket)).toMatchObject({ id: '2', type: 'next' });
    lists.release();
  });

  it('keeps its id until it has ended, as mutations always do', async () => {
    await start();
    const keys = holdKeys();
    const socket = await acknowledged({ authorization: `Bearer ${KEYS.ADMIN}` });
    socket.send(
      subscribe('1', { query: 'mutation { createApiKey(input: { name: "till", role: READER }) { secret } }' }),
    );
    await keys.asked;
    socket.send('{"type":"complete","id":"1"}');
    socket.send(subscribe('1', { query: OPERATIONS['catalogue-changes'] }));
    expect(await nextOf(socket)).toMatchObject({ id: '1', payload: [{ extensions: { code: 'BAD_REQUEST' } }] });
    keys.release();
  });
});

/** Makes the creation of keys wait. */
function holdKeys() {
  const { create } = app.services.apiKeys;
  let release: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  const asked = new Promise<void>((resolve) => {
    app.services.apiKeys.create = async (...args) => {
      resolve();
      await released;
      return create(...args);
    };
  });
  return { asked, release: () => release() };
}

async function nextOf(socket: WebSocket): Promise<unknown> {
  return JSON.parse(String((await once(socket, 'message'))[0]));
}

describe('the size of messages', () => {
  const LONG = { query: '{ __typename }', extensions: { filler: 'x'.repeat(100_000) } };
  const post = (key?: string, body: string = JSON.stringify(LONG)) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
      body,
    });

  it('depends on the role of the caller', async () => {
    await start();
    const statuses = [undefined, KEYS.READER, KEYS.WRITER, KEYS.ADMIN].map(async (key) => (await post(key)).status);
    expect(await Promise.all(statuses)).toEqual([413, 413, 200, 200]);
  });

  it('does not fail for JSON that is nested 5,000 deep, over both protocols', async () => {
    await start();
    const deep = '['.repeat(5000) + ']'.repeat(5000);
    const payload = `{"query":"query ($n: Int) { items(first: $n) { nodes { id } } }","variables":{"n":${deep}}}`;
    const response = await post(undefined, payload);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('BAD_USER_INPUT')]);
    const socket = rawSocket();
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    socket.send(`{"type":"subscribe","id":"1","payload":${payload}}`);
    expect(String((await once(socket, 'message'))[0])).toContain('BAD_USER_INPUT');
  });

  it('has a limit for all requests that are being read together', async () => {
    await start({ TIGERQL_MAX_READING_BYTES: '2000' });
    const { hostname, port } = new URL(server.url);
    const slow = connect(Number(port), hostname);
    open.push({ dispose: () => slow.destroy() });
    slow.write('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1990\r\n\r\n{');
    let status = 200;
    while (status === 200) status = (await post(undefined, '{"query":"{ __typename }"}')).status;
    expect(status).toBe(503);
  });

  it('refuses an answer that is too long, over both protocols', async () => {
    await start({ TIGERQL_MAX_ANSWER_BYTES: '1000' });
    const fields = Array.from({ length: 40 }, (_, i) => `a${i}: item(externalId: "item-1") { title attributes }`);
    const document = `{ ${fields.join(' ')} }`;
    const answer = await overHttp(document);
    expect([answer.data ?? null, answer.expectErrors()]).toEqual([null, ['ANSWER_TOO_LARGE']]);
    expect(await codesOverWebSocket(document)).toEqual(['ANSWER_TOO_LARGE']);
    (await overHttp('{ item(externalId: "item-1") { title } }')).expectData();
  });
});

describe('the size of the answer of a mutation', () => {
  it('is told as a change that was made, with its version', async () => {
    await start({ TIGERQL_MAX_ANSWER_BYTES: '1000' });
    const changes = Array.from({ length: 20 }, (_, i) => `a${i}: changes { before after }`);
    const payload = `{ catalogueVersion ${changes.join(' ')} }`;
    const document = `mutation { reassignSemanticIds(input: { all: true }) ${payload} }`;
    const answer = await overHttp(document, {}, KEYS.ADMIN);
    expect(answer.data ?? null).toBeNull();
    expect(answer.errors).toMatchObject([
      {
        message: expect.stringMatching('what the mutation changed stays changed'),
        extensions: { code: 'ANSWER_TOO_LARGE', catalogueVersions: [8] },
      },
    ]);
    const subscription = testClient(server.url, KEYS.ADMIN).subscribe(document);
    open.push(subscription);
    expect((await subscription.next()).errors).toMatchObject(answer.errors);
  });
});

describe('answers that nobody reads', () => {
  it('are limited for one caller, over both protocols, until their connections close', async () => {
    await start({ TIGERQL_MAX_ANSWER_BYTES: '16000000' });
    const { item } = app.services.catalogue;
    const title = 'x'.repeat(15_000_000);
    app.services.catalogue.item = async (externalId) => ({ ...(await item(externalId))!, title });
    const document = '{ item(externalId: "item-1") { title } }';
    const { hostname, port } = new URL(server.url);
    const path = `/graphql?query=${encodeURIComponent(document)}`;
    const clients = Array.from({ length: 5 }, () => connect(Number(port), hostname));
    for (const client of clients) {
      open.push({ dispose: () => client.destroy() });
      client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nApollo-Require-Preflight: 1\r\n\r\n`);
      await once(client, 'readable');
    }
    const refused = await overHttp(document);
    expect([refused.status, refused.expectErrors()]).toEqual([503, ['OVERLOADED']]);
    expect(await codesOverWebSocket(document)).toEqual(['OVERLOADED']);
    (await overHttp('{ __typename }')).expectData();
    expect(await codesOverWebSocket('{ __typename }')).toEqual([]);
    clients.forEach((client) => client.destroy());
    let codes: unknown = ['OVERLOADED'];
    while (String(codes) === 'OVERLOADED') codes = await codesOverWebSocket(document);
    expect(codes).toEqual([]);
  });

  it('are limited on sockets too', async () => {
    await start({ TIGERQL_MAX_ANSWER_BYTES: '16000000' });
    const { item } = app.services.catalogue;
    const title = 'x'.repeat(15_000_000);
    app.services.catalogue.item = async (externalId) => ({ ...(await item(externalId))!, title });
    const document = '{ item(externalId: "item-1") { title } }';
    const socket = rawSocket();
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    for (let id = 0; id < 6; id++)
      socket.send(JSON.stringify({ type: 'subscribe', id: String(id), payload: { query: document } }));
    socket.pause();
    let codes: unknown = [];
    while (String(codes) === '') codes = await codesOverWebSocket(document);
    expect(codes).toEqual(['OVERLOADED']);
    socket.terminate();
    while (String(codes) === 'OVERLOADED') codes = await codesOverWebSocket(document);
    expect(codes).toEqual([]);
  });
});

describe('the size of a subscription', () => {
  it('has a limit, since its document is kept until it ends', async () => {
    await start();
    const fields = '... { version @include(if: true) } ... { kind @include(if: true) } '.repeat(20);
    expect(await codesOverWebSocket(`subscription { catalogueChanges { ${fields} } }`)).toEqual(['QUERY_TOO_LARGE']);
    expect(await codesOverWebSocket(OPERATIONS['training-progress'])).toEqual([]);
  });
});

describe('the number of connections', () => {
  it('has a limit for one address', async () => {
    await start({ TIGERQL_MAX_CONNECTIONS_PER_ADDRESS: '2' });
    const { hostname, port } = new URL(server.url);
    const sockets = [1, 2, 3].map(() => connect(Number(port), hostname));
    for (const socket of sockets) open.push({ dispose: () => socket.destroy() });
    await Promise.race(sockets.map((socket) => once(socket, 'close')));
    expect(sockets.filter(({ closed }) => closed).length).toBe(1);
    sockets.forEach((socket) => socket.destroy());
  });

  it('has a limit for WebSockets in all', async () => {
    await start({ TIGERQL_MAX_SOCKETS: '1' });
    await once(rawSocket(), 'open');
    const second = rawSocket();
    const [, response] = (await once(second, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(503);
  });

  it('has a limit for the WebSockets of one address', async () => {
    await start({ TIGERQL_MAX_SOCKETS_PER_ADDRESS: '1', TIGERQL_TRUSTED_PROXIES: '127.0.0.1' });
    await once(rawSocket({ 'x-forwarded-for': '9.9.9.1' }), 'open');
    const second = rawSocket({ 'x-forwarded-for': '9.9.9.1' });
    const [, response] = (await once(second, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(429);
    const other = rawSocket({ 'x-forwarded-for': '9.9.9.2' });
    await once(other, 'open');
    other.send(JSON.stringify({ type: 'connection_init' }));
    await once(other, 'message');
  });

  it('does not count a subscription whose client goes without having read its events', async () => {
    await start({ TIGERQL_MAX_SUBSCRIPTIONS: '1' });
    const socket = rawSocket();
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    const payload = { query: `subscription { catalogueChanges { ${'x'.repeat(3_000)}: kind } }` };
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
    socket.send('{"type":"ping"}');
    await once(socket, 'message');
    socket.pause();
    for (let version = 1; version <= 5_000; version++) {
      app.services.hub.publish('CATALOGUE_CHANGES', { version, kind: 'ITEMS_ADDED', itemCount: 2 });
      await new Promise(setImmediate);
    }
    socket.terminate();
    let codes: unknown = ['OVERLOADED'];
    while (String(codes) === 'OVERLOADED') codes = await codesOverWebSocket(OPERATIONS['training-progress']);
    expect(codes).toEqual([]);
  });

  it('does not count subscriptions whose client goes before they are open', async () => {
    await start({ TIGERQL_MAX_SUBSCRIPTIONS: '2' });
    const payload = { query: OPERATIONS['catalogue-changes'] };
    for (let round = 0; round < 3; round++) {
      const socket = rawSocket();
      await once(socket, 'open');
      socket.send('{"type":"connection_init"}');
      await once(socket, 'message');
      for (let id = 0; id < 20; id++) socket.send(JSON.stringify({ type: 'subscribe', id: String(id), payload }));
      socket.terminate();
      await once(socket, 'close');
    }
    for (let opened = 0; opened < 2; opened++) {
      let codes: unknown = ['OVERLOADED'];
      while (String(codes) === 'OVERLOADED') codes = await codesOverWebSocket(OPERATIONS['training-progress']);
      expect(codes).toEqual([]);
    }
  });

  it('has a limit for subscriptions in all, and counts those that are open', async () => {
    await start({ TIGERQL_MAX_SUBSCRIPTIONS: '1' });
    const first = testClient(server.url).subscribe(OPERATIONS['training-progress']);
    await first.next();
    expect(await codesOverWebSocket(OPERATIONS['catalogue-changes'])).toEqual(['OVERLOADED']);
    expect(await codesOverWebSocket('{ __typename }')).toEqual([]);
    await first.dispose();
    let codes: unknown = ['OVERLOADED'];
    while (String(codes) === 'OVERLOADED') codes = await codesOverWebSocket(OPERATIONS['training-progress']);
    expect(codes).toEqual([]);
  });
});
