import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Config } from '../../../src/config';
import { checkAddress, listen, urlOf } from '../../../src/http/listen';

const at = (host: string, port = 0) => ({ host, port }) as Config;
const portOf = (server: Server) => (server.address() as AddressInfo).port;

describe('listen', () => {
  let server: Server;
  beforeEach(async () => listen((server = createServer()), at('127.0.0.1')));
  afterEach(() => new Promise((closed) => server.close(closed)));

  it('says which port is in use, before a server is made and after', async () => {
    const taken = at('127.0.0.1', portOf(server));
    const message = `PORT and HOST: expected a port that can be opened, got listen EADDRINUSE: address already in use 127.0.0.1:${taken.port}`;
    await expect(checkAddress(taken)).rejects.toThrow(message);
    await expect(listen(createServer(), taken)).rejects.toThrow(message);
  });

  it('leaves the port free after it was looked at', async () => {
    const other = createServer();
    await listen(other, at('127.0.0.1'));
    const free = at('127.0.0.1', portOf(other));
    await new Promise((closed) => other.close(closed));
    await checkAddress(free);
    await listen(other, free);
    await new Promise((closed) => other.close(closed));
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', 'localhost'],
    ['::', 'localhost'],
    ['::1', '[::1]'],
    ['shop.example', 'shop.example'],
  ])('names the address of a server at %s', (host, name) => {
    expect(urlOf(server, at(host))).toBe(`http://${name}:${portOf(server)}`);
  });
});
