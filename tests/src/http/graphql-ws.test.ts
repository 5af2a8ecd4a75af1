import { KEYS } from '../../support/fake-ports';
import { app, codesOf, openSocket, server, start, subscribe } from '../../support/fake-server';
import { OPERATIONS } from '../../support/operations';

describe('graphqlOverWebSocket', () => {
  it('lets a socket in with a key when reading is closed, and not without', async () => {
    await start({}, 'key');
    expect(await subscribe('{ __typename }').closed).toMatchObject({ code: 4401 });
    expect((await subscribe('{ __typename }', {}, KEYS.READER).next()).data).toEqual({ __typename: 'Query' });
  });

  it('logs the code with which it refuses a socket, once', async () => {
    await start({}, 'key');
    await subscribe('{ __typename }').closed;
    expect(app.logLines).toMatchObject([{ msg: 'The server closed a WebSocket.', code: 4401 }]);
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
    expect(await (await openSocket()).closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
  });

  it('closes a socket that sends an operation before connection_init', async () => {
    await start();
    const socket = await openSocket();
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
    const socket = await openSocket();
    socket.sendText(frame);
    expect(await socket.closed).toEqual({ code: 4400, reason: 'Invalid message received' });
    expect(await subscribe('{ __typename }').next()).toEqual({ data: { __typename: 'Query' } });
  });

  it('closes a socket that begins twice, or uses the id of an open subscription', async () => {
    await start();
    const twice = await openSocket();
    for (let i = 0; i < 2; i++) twice.send({ type: 'connection_init' });
    expect(await twice.closed).toMatchObject({ code: 4429 });
    const socket = await openSocket();
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
      const socket = await openSocket({ path });
      socket.send({ type: 'connection_init' });
      expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    },
  );

  it.each(['/', '/graphql2', '/graphql/x', '/GRAPHQL'])('opens no socket at %s', async (path) => {
    await start();
    await expect(openSocket({ path })).rejects.toThrow('404');
  });

  it('closes a socket that sends more than 64 KiB', async () => {
    await start();
    const socket = await openSocket();
    socket.send({ type: 'connection_init', payload: { filler: 'x'.repeat(65 * 1024) } });
    expect(await socket.closed).toMatchObject({ code: 1009 });
  });

  it('writes an error of the protocol into the log once, and nothing on the console', async () => {
    await start();
    const onConsole = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const socket = await openSocket();
    socket.send({ type: 'connection_init', payload: { filler: 'x'.repeat(65 * 1024) } });
    await socket.closed;
    expect(app.logLines).toMatchObject([
      { level: 40, msg: 'A WebSocket broke the protocol.', err: { message: 'Max payload size exceeded' } },
    ]);
    const unknown = await openSocket();
    unknown.send({ type: 'nonsense' });
    expect(await unknown.closed).toMatchObject({ code: 4400 });
    expect(app.logLines.slice(1)).toMatchObject([{ msg: 'The server closed a WebSocket.', code: 4400 }]);
    expect(onConsole).not.toHaveBeenCalled();
    onConsole.mockRestore();
  });

  it.each([
    ['long', 'x'.repeat(500)],
    ['foreign', '語'.repeat(100)],
  ])('closes a socket that uses a %s id twice', async (_what, id) => {
    await start();
    const socket = await openSocket();
    socket.send({ type: 'connection_init' });
    await socket.next();
    const payload = { query: 'subscription { catalogueChanges { version } }' };
    for (let i = 0; i < 2; i++) socket.send({ type: 'subscribe', id, payload });
    const { code, reason } = await socket.closed;
    expect([code, reason]).toEqual([4409, expect.stringContaining(`Subscriber for ${id.slice(0, 30)}`)]);
  });

  it('refuses an operation when the socket has as many open as it may have', async () => {
    await start({ TIGERQL_MAX_SOCKET_OPERATIONS: '2' });
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
