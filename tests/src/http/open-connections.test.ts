import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

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

  it('are not quiet while somebody comes again and again', async () => {
    const comings = 6;
    let came = 0;
    const quiet = connections.quiet().then(() => came);
    for (; came < comings; came++) {
      (await connected()).destroy();
      await setTimeout(100);
    }
    expect(await quiet).toBe(comings);
  });

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
