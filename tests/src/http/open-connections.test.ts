import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

import { watchConnections } from '../../../src/http/open-connections';

describe('watchConnections', () => {
  const server = createServer(() => undefined); // answers nobody
  const connections = watchConnections(server);
  beforeAll(async () => {
    server.on('upgrade', (_request, socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => void server.close());

  async function connected(): Promise<Socket> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await Promise.all([once(socket, 'connect'), once(server, 'connection')]);
    return socket.resume();
  }

  it('ends quiet connections, running requests and sockets, and what comes later', async () => {
    const [quiet, asking, upgraded] = [await connected(), await connected(), await connected()];
    asking.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    upgraded.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    await Promise.all([once(server, 'request'), once(server, 'upgrade')]);
    const closed = [quiet, asking, upgraded].map((socket) => once(socket, 'close'));
    connections.end();
    await Promise.all(closed);
    const late = await connected();
    if (!late.closed) await once(late, 'close');
  });
});
