import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { WebSocket, WebSocketServer } from 'ws';

import { serveSockets } from '../../../src/http/serve-sockets';
import { UnsentAnswers } from '../../../src/http/unsent-answers';
import { createLogger } from '../../../src/logger';

/**
 * More than the buffers of the system hold (some 4 MB each way), and few enough for a busy machine: a client that hears
 * no ping lives a minute.
 */
const PINGS = 80_000;

describe('serveSockets', () => {
  it('does not read from a client that does not read, and reads on when it does', async () => {
    const server = createServer();
    const sockets = new WebSocketServer({ server, autoPong: false });
    const connections = serveSockets({ connectionInitWaitTimeout: 0 }, sockets, {
      logger: createLogger('silent'),
      unsent: new UnsentAnswers({ maxAnswerBytes: 1 }),
      openingOf: () => ({ address: 'here', authorization: undefined }),
      onHandled: () => undefined,
    });
    await once(server.listen(0), 'listening');
    const connected = once(sockets, 'connection') as Promise<[WebSocket]>;
    const client = new WebSocket(`ws://localhost:${(server.address() as AddressInfo).port}`, 'graphql-transport-ws');
    await once(client, 'open');
    const [socket] = await connected;
    client.pause();
    let pongs = 0;
    const answered = new Promise<void>((resolve) => client.on('pong', () => ++pongs === PINGS && resolve()));
    for (let i = 0; i < PINGS; i++) client.ping('x'.repeat(100));
    while (!socket.isPaused && client.bufferedAmount > 0) await new Promise(setImmediate);
    expect(socket.isPaused).toBe(true);
    expect(socket.bufferedAmount).toBeLessThan(200_000);
    client.resume();
    await answered;
    client.terminate();
    await connections.dispose();
    server.close();
  });
});
