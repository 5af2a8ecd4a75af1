/** The limits on the number of connections, WebSockets and subscriptions. */
import { once } from 'node:events';
import { connect } from 'node:net';

import { testClient } from '../../support/graphql-client';
import { app, codesOverWebSocket, open, rawSocket, server, start } from '../../support/limited-server';
import { OPERATIONS } from '../../support/operations';

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
      app.services.hub.publish('CATALOGUE_CHANGES', {
        version,
        kind: 'ITEMS_ADDED',
        itemCount: 2,
        changedAt: new Date(0),
      });
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
