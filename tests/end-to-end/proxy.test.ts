/** The answers of deploy/haproxy.cfg for a server that ends before it has answered. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { freePort, hasHaproxy, startProxy } from '../support/proxy';
import { temporaryFolder } from '../support/temporary-folder';

const withProxy = hasHaproxy ? describe : describe.skip;
if (!hasHaproxy) console.log('deploy/haproxy.cfg is not tried: HAProxy is not installed.');

withProxy('deploy/haproxy.cfg', () => {
  const dir = temporaryFolder();
  /** A client's one connection, which it uses again. */
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  /** The bodies that servers have got. */
  const got: string[] = [];
  let isEnding = false;
  let servers: Server[];
  let proxy: ChildProcess | null;
  let port: number;

  beforeAll(async () => {
    servers = [endingServer(), endingServer()];
    for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
    port = await freePort();
    const ports = servers.map((server) => (server.address() as AddressInfo).port);
    proxy = await startProxy(dir, port, ports);
  });
  beforeEach(async () => {
    isEnding = false;
    expect(await ask('{ used }')).toMatchObject({ status: 200 });
    got.length = 0;
    isEnding = true;
  });
  afterAll(() => {
    agent.destroy();
    proxy?.kill('SIGKILL');
    for (const server of servers) server.close().closeAllConnections();
  });

  /** While `isEnding`, it breaks the connection of the next operation in place of an answer. */
  function endingServer(): Server {
    return createServer((incoming, response) => {
      if (incoming.method === 'GET') return void response.end();
      void text(incoming).then((body) => {
        got.push(body);
        if (!isEnding) return response.end('{"data":{}}');
        isEnding = false;
        return incoming.socket.destroy();
      });
    });
  }

  const ask = (query: string) => send({ query });

  async function send(body: object) {
    const headers = { 'content-type': 'application/json' };
    const sent = request({ port, host: '127.0.0.1', path: '/graphql', method: 'POST', agent, headers });
    sent.end(JSON.stringify(body));
    const [response] = await once(sent, 'response');
    return { status: response.statusCode, retryAfter: response.headers['retry-after'], body: await text(response) };
  }

  it('says that a mutation may be tried again, also on a connection that was used before, and sends it once', async () => {
    const answer = await ask('mutation { change }');
    expect(answer).toEqual({ status: 502, retryAfter: '1', body: expect.stringContaining('"SERVER_UNAVAILABLE"') });
    expect(got).toHaveLength(1);
  });

  it.each([
    { documentId: 'sha256:5a7e', query: '' },
    { documentId: 'query-5a7e' },
    { operationName: 'query', extensions: { persistedQuery: { version: 1, sha256Hash: '5a7e' } } },
  ])('sends %j once: the named document may be a mutation', async (body) => {
    expect(await send(body)).toMatchObject({ status: 502 });
    expect(got).toHaveLength(1);
  });

  it('sends a query again', async () => {
    expect(await ask('query { read }')).toMatchObject({ status: 200, body: '{"data":{}}' });
    expect(got).toHaveLength(2);
  });
});
