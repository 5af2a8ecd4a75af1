import { KEYS } from '../../support/fake-ports';
import { app, codesOf, openSocket, server, start, subscribe } from '../../support/fake-server';
import { OPERATIONS } from '../../support/operations';

describe('GraphQL over WebSocket', () => {
  it('logs the code with which it refuses a socket, once', async () => {
    await start({}, 'key');
    await subscribe('{ __typename }').closed;
    expect(app.logLines).toMatchObject([{ msg: 'The server closed a WebSocket.', code: 4401 }]);
  });

  it.each(['/graphql', '/graphql?a=1'])('opens sockets at %s, as HTTP answers there', async (path) => {
    await start();
    const socket = await openSocket({ path });
    socket.send({ type: 'connection_init' });
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
  });

  it.each(['/', '/graphql2', '/graphql/x', '/GRAPHQL'])('opens no socket at %s', async (path) => {
    await start();
    await expect(openSocket({ path })).rejects.toThrow('400');
  });

  it('closes a socket that sends more than 64 KiB', async () => {
    await start();
    const socket = await openSocket();
    socket.send({ type: 'connection_init', payload: { filler: 'x'.repeat(65 * 1024) } });
    expect(await socket.closed).toMatchObject({ code: 1009 });
  });

  it('refuses an operation when the socket has as many open as it may have', async () => {
    await start({}, 'open', { maxSocketOperations: 2 });
    const socket = await openSocket();
    socket.send({ type: 'connection_init' });
    await socket.next();
    const query = 'subscription { catalogueChanges { version } }';
    for (const id of ['1', '2', '3']) socket.send({ type: 'subscribe', id, payload: { query } });
    const { id, type, payload } = await socket.next();
    expect([id, type, codesOf(payload)]).toEqual(['3', 'error', ['TOO_MANY_OPERATIONS']]);
    socket.send({ type: 'complete', id: '1' });
    socket.send({ type: 'subscribe', id: '4', payload: { query: '{ __typename }' } });
    expect(await socket.next()).toMatchObject({ id: '4', type: 'next' });
  });

  it.each(['@skip(if: true)', '@include(if: $b)'])(
    'refuses a subscription whose field is left out by %s',
    async (condition) => {
      await start();
      const declared = condition.includes('$') ? '($b: Boolean! = false)' : '';
      const query = `subscription ${declared} { catalogueChanges ${condition} { version } }`;
      const socket = await openSocket();
      socket.send({ type: 'connection_init' });
      await socket.next();
      socket.send({ type: 'subscribe', id: '1', payload: { query } });
      const { payload } = await socket.next();
      const errors = Array.isArray(payload) ? payload : (payload as { errors: unknown }).errors;
      expect(codesOf(errors)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    },
  );

  it('closes a socket whose subscription is refused for overload, so that its client comes back', async () => {
    await start({}, 'open', { maxSubscriptions: 1 });
    await subscribe(OPERATIONS['training-progress']).next();
    expect(await subscribe(OPERATIONS['catalogue-changes']).closed).toMatchObject({ code: 1013 });
  });

  it('refuses the sockets of an address above its limit with 429, and those of all above theirs with 503', async () => {
    await start({ TIGERQL_MAX_SOCKETS_PER_ADDRESS: '1' });
    await openSocket();
    await expect(openSocket()).rejects.toThrow('429');
    await server.close();
    await start({}, 'open', { maxSockets: 1 });
    await openSocket();
    await expect(openSocket()).rejects.toThrow('503');
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

describe('the key of a socket', () => {
  const ADMIN = `Bearer ${KEYS.ADMIN}`;
  const CREATE = 'mutation { createApiKey(input: { name: "till", role: READER }) { secret } }';

  it.each<[string, object | undefined, Record<string, string>]>([
    ['connectionParams', { authorization: ADMIN }, {}],
    ['the header of the upgrade request', undefined, { authorization: ADMIN }],
  ])('takes the key from %s', async (_place, payload, headers) => {
    await start();
    const socket = await openSocket({ headers });
    socket.send({ type: 'connection_init', ...(payload && { payload }) });
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    socket.send({ type: 'subscribe', id: '1', payload: { query: CREATE } });
    expect(await socket.next()).toMatchObject({ payload: { data: { createApiKey: { secret: 'secret' } } } });
  });
});

describe('the origin of a socket', () => {
  it('accepts sockets of its own and of allowed origins, and no others', async () => {
    await start({ ALLOWED_ORIGINS: 'https://shop.example' });
    for (const origin of [server.url, 'https://shop.example']) await openSocket({ headers: { origin } });
    const foreign = ['https://evil.example', 'null'].map((origin) => ({ origin }));
    // A foreign name that points here has a Host header of that name.
    for (const headers of [...foreign, { origin: 'http://evil.example:4000', host: 'evil.example:4000' }]) {
      await expect(openSocket({ headers })).rejects.toThrow('403');
    }
  });
});

describe('an event of a subscription', () => {
  it('must cost little', async () => {
    await start();
    const curves = Array.from({ length: 24 }, (_, i) => `c${i}: curve(metric: LOSS, points: 1000) { step value }`);
    const errors = await subscribe(`subscription { trainingProgress(after: 0) { job { ${curves} } } }`).ended;
    expect(codesOf(errors)).toEqual(['QUERY_TOO_COSTLY']);
  });
});
