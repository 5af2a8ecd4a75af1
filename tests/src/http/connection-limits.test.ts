import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

import type { Config } from '../../../src/config';
import { limitConnections } from '../../../src/http/connection-limits';

describe('limitConnections', () => {
  let server: Server;
  let sockets: Socket[];

  async function listen(maxConnectionsPerAddress: number, trustedProxies: string[] = []): Promise<void> {
    server = createServer((_, response) => response.end('here')).listen(0, '127.0.0.1');
    limitConnections(server, {
      limits: { maxConnections: 10, maxConnectionsPerAddress },
      trustedProxies,
    } as unknown as Config);
    await once(server, 'listening');
  }
  beforeEach(() => (sockets = []));
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Opens a connection and asks over it. @returns Whether the server answers. */
  async function isAnswered(): Promise<boolean> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(socket.on('error', () => undefined));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    return Promise.race([once(socket, 'data').then(() => true), once(socket, 'close').then(() => false)]);
  }

  it('closes the connection of an address that has as many as it may, until one of them is gone', async () => {
    await listen(2);
    expect([await isAnswered(), await isAnswered(), await isAnswered()]).toEqual([true, true, false]);
    const gone = new Promise<void>((resolve) => server.once('connection', () => resolve()));
    sockets[0].destroy();
    // The server may hear of the end after it has refused the next one.
    while (!(await isAnswered()));
    await gone;
  });

  it('lets a proxy that it trusts open any number', async () => {
    await listen(1, ['127.0.0.1']);
    expect([await isAnswered(), await isAnswered(), await isAnswered()]).toEqual([true, true, true]);
  });
});
