import { once } from 'node:events';

import { WebSocket } from 'ws';

import { type RunningServer, startServer } from '../../../src/http/server';
import { createFakeApp, type FakeApp, JOB, KEYS, MODEL, PROGRESS, testConfig } from '../../support/fake-ports';
import { type Subscription, testClient } from '../../support/graphql-client';
import { OPERATIONS } from '../../support/operations';
import { until } from '../../support/until';

let app: FakeApp;
let server: RunningServer;
const open: { dispose(): Promise<void> }[] = [];

async function start(environment: NodeJS.ProcessEnv = {}, readAccess: 'open' | 'key' = 'open') {
  app = createFakeApp(readAccess);
  server = await startServer(app, testConfig(environment));
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((subscription) => subscription.dispose()));
  await server.close();
});

function subscribe(document: string, variables = {}, key?: string): Subscription {
  const subscription = testClient(server.url, key).subscribe(document, variables);
  open.push(subscription);
  return subscription;
}

/** A socket without a client library, for what none would do. */
async function rawSocket(headers: Record<string, string> = {}, protocol = 'graphql-transport-ws', path = '/graphql') {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}`, protocol, { headers });
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
    send: (message: object) => socket.send(JSON.stringify(message)),
    sendText: (text: string) => socket.send(text),
    terminate: () => socket.terminate(),
    async next() {
      if (messages.length === 0) await new Promise<void>((resolve) => readers.push(resolve));
      return messages.shift()!;
    },
  };
}

const codesOf = (errors: unknown) =>
  (errors as { extensions: { code: string } }[]).map(({ extensions }) => extensions.code);

describe('subscriptions', () => {
  it('catalogueChanges and activeModelChanges give what services publish', async () => {
    await start();
    const changes = subscribe(OPERATIONS['catalogue-changes']);
    const models = subscribe(OPERATIONS['active-model-changes']);
    const change = await repeat(() => app.services.hub.publish('CATALOGUE_CHANGES', CHANGE), changes.next());
    expect(change.data).toEqual({ catalogueChanges: CHANGE });
    const model = await repeat(
      () => app.services.hub.publish('ACTIVE_MODEL_CHANGES', { catalogueVersion: 1, modelVersion: MODEL }),
      models.next(),
    );
    expect(model.data).toMatchObject({ activeModelChanges: { number: 1, status: 'ACTIVE' } });
  });

  it('begin with what a client has missed', async () => {
    await start();
    const first = async (document: string) => (await subscribe(document).next()).data;
    expect(await first('subscription { catalogueChanges(after: 6) { version } }')).toEqual({
      catalogueChanges: { version: 7 },
    });
    expect(await first('subscription { activeModelChanges(after: 6) { number catalogueVersion } }')).toEqual({
      activeModelChanges: { number: 1, catalogueVersion: 7 },
    });
    expect(await first('subscription { trainingProgress(after: 41) { event step } }')).toEqual({
      trainingProgress: { event: 42, step: 10 },
    });
  });

  it('give every change and every activation in order, also when more come at once than are kept for a reader', async () => {
    await start();
    const { hub, catalogue, models } = app.services;
    const numbers = Array.from({ length: 100 }, (_, n) => n + 5);
    const changeAt = (version: number) => ({ ...CHANGE, version });
    const activationAt = (catalogueVersion: number) => ({ catalogueVersion, modelVersion: MODEL });
    const after = (number: number) => numbers.filter((each) => each > number).slice(0, 10);
    catalogue.changesAfter = async (version) => after(version).map(changeAt);
    models.activationsAfter = async (version) => after(version).map(activationAt);
    const subscribed = jest.spyOn(hub, 'subscribe');
    const changes = subscribe('subscription { catalogueChanges { version } }');
    const activations = subscribe('subscription { activeModelChanges { catalogueVersion } }');
    await until(() => subscribed.mock.calls.length === 2);
    for (const number of numbers) {
      hub.publish('CATALOGUE_CHANGES', changeAt(number));
      hub.publish('ACTIVE_MODEL_CHANGES', activationAt(number));
    }
    for (const number of numbers) {
      expect((await changes.next()).data.catalogueChanges.version).toBe(number);
      expect((await activations.next()).data.activeModelChanges.catalogueVersion).toBe(number);
    }
  });

  it('gives a slow reader the newest events', async () => {
    await start();
    let release: () => void;
    const blocked = new Promise<void>((resolve) => (release = resolve));
    // The reader is slow because the job of its first event takes long to look up.
    const createContext = app.createContext;
    Object.assign(app, {
      createContext: async (authorization?: string) => {
        const context = await createContext(authorization);
        return { ...context, loaders: { ...context.loaders, trainingJob: () => blocked.then(() => JOB) } };
      },
    });
    const subscription = subscribe('subscription { trainingProgress { step job { id } } }');
    await called('clearAll');
    for (let step = 1; step <= 2000; step++) app.services.hub.publish('TRAINING_PROGRESS', { ...PROGRESS, step });
    release!();
    expect((await subscription.next()).data).toMatchObject({ trainingProgress: { step: 10 } });
    const steps = [];
    while (steps.at(-1) !== 2000) steps.push((await subscription.next()).data.trainingProgress.step);
    expect(steps).toEqual(Array.from({ length: 32 }, (_, i) => 1969 + i));
  });
});

describe('an event of a subscription', () => {
  const WITH_JOB = 'subscription { trainingProgress(after: 0) { event job { id } } }';

  /** Makes each event wait for its job, and gives a hundred events that were missed. */
  function holdJobs() {
    const waiting: (() => void)[] = [];
    const events = Array.from({ length: 100 }, (_, i) => ({ ...PROGRESS, event: i + 1 }));
    app.services.trainingJobs.progressAfter = async (event) => events.slice(event);
    const trainingJob = () => new Promise<typeof JOB>((resolve) => waiting.push(() => resolve(JOB)));
    const createContext = app.createContext;
    const withHeldJobs = async (authorization?: string, signal?: AbortSignal) => {
      const context = await createContext(authorization, signal);
      return { ...context, loaders: { ...context.loaders, trainingJob } };
    };
    Object.assign(app, { createContext: withHeldJobs });
    return waiting;
  }

  it('must cost little', async () => {
    await start();
    const curves = Array.from({ length: 24 }, (_, i) => `c${i}: curve(metric: "loss", points: 1000) { step value }`);
    const errors = await subscribe(`subscription { trainingProgress(after: 0) { job { ${curves} } } }`).ended;
    expect(codesOf(errors)).toEqual(['QUERY_TOO_COSTLY']);
  });

  it('waits for its turn: four of one address run at a time', async () => {
    await start();
    const waiting = holdJobs();
    const subscriptions = Array.from({ length: 10 }, () => subscribe(WITH_JOB));
    while (waiting.length < 4) await new Promise(setImmediate);
    expect(await subscribe('{ __typename }').next()).toEqual({ data: { __typename: 'Query' } });
    expect(waiting).toHaveLength(4);
    const first = Promise.all(subscriptions.map((each) => each.next()));
    const letAllGo = setInterval(() => waiting.splice(0).forEach((go) => go()), 1);
    for (const { data } of await first) expect(data.trainingProgress.event).toBe(1);
    clearInterval(letAllGo);
  });

  it('ends its subscription when it misses the deadline', async () => {
    await start({ TIGERQL_DEADLINE_MS: '50' });
    holdJobs();
    const subscription = subscribe(WITH_JOB);
    expect(codesOf((await subscription.next()).errors)).toEqual(['DEADLINE_EXCEEDED']);
    expect(await subscription.ended).toBeUndefined();
  });
});

describe('graphqlOverWebSocket', () => {
  it('lets a socket in with a key when reading is closed, and not without', async () => {
    await start({}, 'key');
    expect(await subscribe('{ __typename }').closed).toMatchObject({ code: 4401 });
    expect((await subscribe('{ __typename }', {}, KEYS.READER).next()).data).toEqual({ __typename: 'Query' });
  });

  it('shows nothing of an error in the key store', async () => {
    await start();
    app.services.apiKeys.keyOf = () => Promise.reject(new Error('database is locked'));
    const { code, reason } = await subscribe('{ __typename }', {}, KEYS.ADMIN).closed;
    expect(code).toBe(4500);
    expect(reason).toBe(`INTERNAL_SERVER_ERROR ${app.logLines[0].errorId}`);
  });

  it('closes a socket that does not send connection_init in time', async () => {
    await start({ TIGERQL_SOCKET_INIT_TIMEOUT_MS: '50' });
    expect(await (await rawSocket()).closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
  });

  it('closes a socket that sends an operation before connection_init', async () => {
    await start();
    const socket = await rawSocket();
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } });
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '{"type":7}',
    '{"type":"subscribe"}',
    '{"type":"subscribe","id":"1","payload":null}',
    '{"type":"connection_ack"}',
    '{"type":"next","id":"1","payload":{}}',
    '{"type":"error","id":"1","payload":[]}',
  ])('closes a socket that sends %j, and nothing else happens', async (frame) => {
    await start();
    const socket = await rawSocket();
    socket.sendText(frame);
    expect(await socket.closed).toEqual({ code: 4400, reason: 'Invalid message received' });
    expect(await subscribe('{ __typename }').next()).toEqual({ data: { __typename: 'Query' } });
  });

  it('closes a socket that begins twice, or uses the id of an open subscription', async () => {
    await start();
    const twice = await rawSocket();
    for (let i = 0; i < 2; i++) twice.send({ type: 'connection_init' });
    expect(await twice.closed).toMatchObject({ code: 4429 });
    const socket = await rawSocket();
    socket.send({ type: 'connection_init' });
    await socket.next();
    const payload = { query: 'subscription { catalogueChanges { version } }' };
    for (let i = 0; i < 2; i++) socket.send({ type: 'subscribe', id: '1', payload });
    expect(await socket.closed).toEqual({ code: 4409, reason: 'Subscriber for 1 already exists' });
  });

  it.each(['/graphql', '/graphql/', '/graphql?a=1', '/graphql/?a=1'])(
    'opens sockets at %s, as HTTP answers there',
    async (path) => {
      await start();
      const socket = await rawSocket({}, 'graphql-transport-ws', path);
      socket.send({ type: 'connection_init' });
      expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
      socket.terminate();
    },
  );

  it.each(['/', '/graphql2', '/graphql/x', '/GRAPHQL'])('opens no socket at %s', async (path) => {
    await start();
    await expect(rawSocket({}, 'graphql-transport-ws', path)).rejects.toThrow('400');
  });

  it('closes a socket of another protocol, or of none', async () => {
    await start();
    for (const protocol of ['graphql-ws', undefined]) {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, protocol);
      socket.on('error', () => undefined);
      const code = await new Promise((resolve) => socket.on('close', resolve));
      expect([1006, 4406]).toContain(code);
    }
  });

  it('closes a socket that sends more than 64 KiB', async () => {
    await start();
    const socket = await rawSocket();
    socket.send({ type: 'connection_init', payload: { filler: 'x'.repeat(65 * 1024) } });
    expect(await socket.closed).toMatchObject({ code: 1009 });
  });

  it('writes an error of the protocol into the log once, and nothing on the console', async () => {
    await start();
    const onConsole = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const socket = await rawSocket();
    socket.send({ type: 'connection_init', payload: { filler: 'x'.repeat(65 * 1024) } });
    await socket.closed;
    expect(app.logLines).toMatchObject([
      { level: 40, msg: 'A WebSocket broke the protocol.', err: { message: 'Max payload size exceeded' } },
    ]);
    const unknown = await rawSocket();
    unknown.send({ type: 'nonsense' });
    expect(await unknown.closed).toMatchObject({ code: 4400 });
    expect(app.logLines.slice(1)).toMatchObject([{ msg: 'The server closed a WebSocket.', code: 4400 }]);
    expect(onConsole).not.toHaveBeenCalled();
    onConsole.mockRestore();
  });

  const ADMIN = `Bearer ${KEYS.ADMIN}`;
  const CREATE = 'mutation { createApiKey(input: { name: "till", role: READER }) { secret } }';

  it.each<[string, object | undefined, Record<string, string>]>([
    ['authorization', { authorization: ADMIN }, {}],
    ['Authorization', { Authorization: ADMIN }, {}],
    ['headers.authorization', { headers: { authorization: ADMIN } }, {}],
    ['headers.Authorization', { headers: { Authorization: ADMIN } }, {}],
    ['the header of the upgrade request', undefined, { authorization: ADMIN }],
    ['two places that agree', { authorization: ADMIN }, { authorization: ADMIN }],
    ['its place, beside a key of a proxy in front', { authorization: ADMIN }, { 'x-api-key': 'of the proxy' }],
  ])('takes the key from %s', async (_place, payload, headers) => {
    await start();
    const socket = await rawSocket(headers);
    socket.send({ type: 'connection_init', ...(payload && { payload }) });
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    socket.send({ type: 'subscribe', id: '1', payload: { query: CREATE } });
    expect(await socket.next()).toMatchObject({ payload: { data: { createApiKey: { secret: 'secret' } } } });
    socket.terminate();
  });

  it.each<[string, object, Record<string, string>, string]>([
    ['a number', { authorization: 7 }, {}, 'connectionParams.authorization: expected a text, got another type'],
    ['an object', { Authorization: {} }, {}, 'connectionParams.Authorization: expected a text, got another type'],
    [
      'an empty text',
      { authorization: '' },
      {},
      'authorization: expected "Bearer <key>", got none; createApiKey makes keys',
    ],
    [
      'another scheme',
      { headers: { authorization: 'Basic abc' } },
      {},
      'expected "Bearer <key>", got another form; createApiKey makes keys',
    ],
    [
      'a key without a scheme',
      { authorization: KEYS.ADMIN },
      {},
      'expected "Bearer <key>", got another form; createApiKey makes keys',
    ],
    [
      'an unknown key',
      { authorization: 'Bearer nobody' },
      {},
      'expected a valid API key, got an unknown or expired one; createApiKey makes another',
    ],
    ['headers that are a text', { headers: ADMIN }, {}, 'connectionParams.headers: expected an object'],
    ['another place', { authToken: ADMIN }, {}, 'connectionParams.authToken: expected the key in'],
    ['another header', { headers: { 'x-api-key': KEYS.ADMIN } }, {}, 'connectionParams.headers.x-api-key: expected'],
    ['another header of the upgrade request', {}, { 'x-api-key': KEYS.ADMIN }, 'x-api-key: expected the key as'],
    ['two that differ', { authorization: ADMIN, Authorization: 'Bearer x' }, {}, 'expected one value, got different'],
    ['one that the upgrade contradicts', { authorization: ADMIN }, { authorization: 'Bearer x' }, 'expected one value'],
  ])('refuses %s where the key belongs, instead of ignoring it', async (_what, payload, headers, reason) => {
    await start();
    const socket = await rawSocket(headers);
    socket.send({ type: 'connection_init', payload });
    expect(await socket.closed).toEqual({ code: 4401, reason: expect.stringContaining(reason) });
  });

  it.each(['é', '語', '🐯'])('closes for a misplaced key with its code, whatever its name has: %s', async (letter) => {
    await start();
    const socket = await rawSocket();
    socket.send({ type: 'connection_init', payload: { [`token${letter.repeat(100)}`]: 'x' } });
    const { code, reason } = await socket.closed;
    expect([code, Buffer.byteLength(reason) <= 123]).toEqual([4401, true]);
    expect(reason).toMatch(new RegExp(`^UNAUTHENTICATED connectionParams.token(${letter}){20,}$`, 'u'));
  });

  it.each([
    ['long', 'x'.repeat(500)],
    ['foreign', '語'.repeat(100)],
  ])('closes a socket that uses a %s id twice', async (_what, id) => {
    await start();
    const socket = await rawSocket();
    socket.send({ type: 'connection_init' });
    await socket.next();
    const payload = { query: 'subscription { catalogueChanges { version } }' };
    for (let i = 0; i < 2; i++) socket.send({ type: 'subscribe', id, payload });
    const { code, reason } = await socket.closed;
    expect([code, reason]).toEqual([4409, expect.stringContaining(`Subscriber for ${id.slice(0, 30)}`)]);
  });

  it('accepts sockets of its own and of allowed origins, and no others', async () => {
    await start({ ALLOWED_ORIGINS: 'https://shop.example' });
    for (const origin of [server.url, 'https://shop.example']) (await rawSocket({ origin })).terminate();
    for (const origin of ['https://evil.example', 'null', 'https://shop.example.evil.example']) {
      await expect(rawSocket({ origin })).rejects.toThrow('403');
    }
  });

  it.each<[string, NodeJS.ProcessEnv, string, string, boolean]>([
    ['a page of localhost', {}, 'http://localhost:4000', 'localhost:4000', true],
    ['a page of a machine on the network', {}, 'http://shelf:4000', 'shelf:4000', true],
    ['a page of a local domain', {}, 'http://shelf.local:4000', 'shelf.local:4000', true],
    ['a page of an address', {}, 'http://192.168.1.7:4000', '192.168.1.7:4000', true],
    ['another port of the same machine', {}, 'http://localhost:3000', 'localhost:4000', false],
    ['a foreign name that points here', {}, 'http://evil.example:4000', 'evil.example:4000', false],
    ['a name that PUBLIC_URL has', { PUBLIC_URL: 'https://a.example' }, 'https://a.example', 'internal:4000', true],
    ['a name that PUBLIC_URL lacks', { PUBLIC_URL: 'https://a.example' }, 'https://b.example', 'b.example', false],
  ])('judges %s by its name, not by the Host header alone', async (_what, env, origin, host, isAllowed) => {
    await start(env);
    if (isAllowed) (await rawSocket({ origin, host })).terminate();
    else await expect(rawSocket({ origin, host })).rejects.toThrow('403');
  });

  it('refuses an operation when the socket has as many open as it may have', async () => {
    await start({ TIGERQL_MAX_SOCKET_OPERATIONS: '2' });
    const socket = await rawSocket();
    socket.send({ type: 'connection_init' });
    await socket.next();
    const query = 'subscription { catalogueChanges { version } }';
    for (const id of ['1', '2', '3']) socket.send({ type: 'subscribe', id, payload: { query } });
    const { id, type, payload } = await socket.next();
    expect([id, type, codesOf(payload)]).toEqual(['3', 'error', ['TOO_MANY_OPERATIONS']]);
    socket.send({ type: 'complete', id: '1' });
    socket.send({ type: 'subscribe', id: '4', payload: { query: '{ __typename }' } });
    expect(await socket.next()).toMatchObject({ id: '4', type: 'next' });
    socket.terminate();
  });

  it('closes sockets with 1001 when the server is closed', async () => {
    await start();
    const subscription = subscribe(OPERATIONS['training-progress']);
    await subscription.next();
    await server.close();
    expect(await subscription.closed).toMatchObject({ code: 1001 });
    expect(app.isDisposed()).toBe(true);
  });

  it('counts open sockets and subscriptions', async () => {
    await start();
    const subscription = subscribe(OPERATIONS['training-progress']);
    await subscription.next();
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toContain('tigerql_open_sockets 1');
    expect(text).toContain('tigerql_operations_total{operation="subscription",outcome="ok"} 1');
  });
});

const CHANGE = { version: 8, kind: 'ITEMS_ADDED' as const, itemCount: 2 };

/** Publishes until something has come: there is no sign on the wire that a subscription is listening. */
async function repeat<T>(publish: () => void, result: Promise<T>): Promise<T> {
  const timer = setInterval(publish, 5);
  return result.finally(() => clearInterval(timer));
}

/** Resolves when the port has been called. */
async function called(port: string): Promise<void> {
  while (!app.services.calls.some((call) => call.port === port)) await new Promise(setImmediate);
}
