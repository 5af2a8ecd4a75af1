import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Config } from '../../../src/config';
import { listen, urlOf } from '../../../src/http/listen';

const at = (host: string, port = 0) => ({ host, port }) as Config;
const portOf = (server: Server) => (server.address() as AddressInfo).port;

describe('listen', () => {
  let server: Server;
  beforeEach(async () => listen((server = createServer()), at('127.0.0.1')));
  afterEach(() => new Promise((closed) => server.close(closed)));

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
