/** Whatever a request is, a client reads in JSON what is wrong with it. Node's own refusals have no body. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { WebSocket } from 'ws';

import { type RunningServer, startServer, startTrainerServer } from '../../../src/http/server';
import { takeRequests } from '../../../src/http/take-requests';
import { createFakeApp, testConfig } from '../../support/fake-ports';
import { openRaw, rawAnswer } from '../../support/raw-connection';

const CONFIG = testConfig({ TIGERQL_REQUEST_TIMEOUT_MS: '500' });
const HOST = 'Host: localhost\r\n';
const LONG = 'x'.repeat(20_000);
const CHUNKS = `POST /graphql HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
const UPGRADE = `${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n`;
const SOCKET = `${UPGRADE}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n`;
const get = (path: string, headers = HOST) => `GET ${path} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`;

let server: RunningServer;
let trainer: RunningServer;
beforeAll(async () => {
  server = await startServer(createFakeApp(), CONFIG);
  const callerOf = async () => ({ role: 'READER' }) as const;
  trainer = await startTrainerServer({ ...createFakeApp(), callerOf }, CONFIG);
});
afterAll(() => Promise.all([server.close(), trainer.close()]));

/** @returns The status, and the first error of the body. */
async function refusal(url: string, request: string): Promise<[status: number, code: string, message: string]> {
  const answer = await rawAnswer(url, request);
  const [head, body] = answer.split('\r\n\r\n');
  expect(head).toMatch(/content-type: application\/json; charset=utf-8/i);
  expect(Number(/content-length: (\d+)/i.exec(head)?.[1])).toBe(Buffer.byteLength(body));
  const { message, extensions } = (JSON.parse(body) as { errors: { message: string; extensions: { code: string } }[] })
    .errors[0];
  return [Number(head.split(' ')[1]), extensions.code, message];
}

describe('takeRequests', () => {
  it.each<[string, string, number, RegExp]>([
    ['is no HTTP', 'GARBAGE\r\n\r\n', 400, /^request: expected HTTP\/1\.1, got one that cannot be read \(.+\)$/],
    ['has an unknown method', `NONSENSE / HTTP/1.1\r\n${HOST}\r\n`, 400, /got one that cannot be read \(.+\)$/],
    [
      'has long headers',
      `GET / HTTP/1.1\r\nX: ${LONG}\r\n\r\n`,
      431,
      /^headers: expected at most 16384 bytes, got more$/,
    ],
    ['has no host', get('/operations', ''), 400, /^host: expected one header, got none$/],
    [
      'expects magic',
      get('/operations', `${HOST}Expect: magic\r\n`),
      417,
      /^expect: expected 100-continue, got "magic"$/,
    ],
    ['does not end', `GET / HTTP/1.1\r\n${HOST}`, 408, /^request: expected all of it within 500 ms, got a part$/],
    [
      'has chunks with a long extension',
      `${CHUNKS}1;${LONG}\r\n`,
      413,
      /^body: expected chunks without long extensions/,
    ],
    ['has a chunk of a wrong length', `${CHUNKS}zz\r\n`, 400, /got one that cannot be read \(.+\)$/],
    ['is for a tunnel', `CONNECT localhost:22 HTTP/1.1\r\n${HOST}\r\n`, 405, /got CONNECT: it is no proxy$/],
  ])('says what is wrong with a request that %s', async (_what, request, status, message) => {
    expect(await refusal(server.url, request)).toEqual([status, 'BAD_REQUEST', expect.stringMatching(message)]);
    if (!request.startsWith('POST')) expect((await refusal(trainer.url, request))[0]).toBe(status);
  });

  it('writes nothing into an answer that has begun', async () => {
    const begun = createServer();
    takeRequests(begun, createFakeApp(), CONFIG.limits, (_request, response) => void response.write('begun'));
    await once(begun.listen(0, '127.0.0.1'), 'listening');
    const connection = openRaw(`http://127.0.0.1:${(begun.address() as AddressInfo).port}`);
    connection.socket.write(`GET / HTTP/1.1\r\n${HOST}\r\n`);
    const part = await connection.until((text) => text.includes('begun'));
    connection.socket.write('GARBAGE\r\n\r\n');
    expect(await connection.closed()).toBe(part);
    begun.close();
  });

  it.each([
    ['GET', '/nope?key=secret', '/nope'],
    ['POST', '/graphql/x', '/graphql/x'],
    ['POST', '/health/ready', '/health/ready'],
    ['GET', '/assets/none.js', '/assets/none.js'],
    ['OPTIONS', '*', '*'],
  ])('says that nothing answers %s %s', async (method, target, path) => {
    const request = get(target).replace('GET', method);
    const message = `request: expected one that is answered here, such as POST /graphql, got ${method} "${path}"`;
    expect(await refusal(server.url, request)).toEqual([404, 'NOT_FOUND', message]);
  });

  it('says so on a trainer too, which has no API', async () => {
    const message = 'request: expected GET /health/live, /health/ready or /metrics, got GET "/graphql"';
    expect(await refusal(trainer.url, get('/graphql'))).toEqual([404, 'NOT_FOUND', message]);
  });

  it.each(['PUT', 'DELETE', 'TRACE', 'PATCH'])('refuses the method %s at /graphql', async (method) => {
    const request = get('/graphql').replace('GET', method);
    expect(await rawAnswer(server.url, request)).toMatch(/\r\nAllow: GET, POST\r\n/i);
    const message = `method: expected GET or POST, got ${method}`;
    expect(await refusal(server.url, request)).toEqual([405, 'BAD_REQUEST', message]);
  });
});

describe('a preflight request', () => {
  it('of a page of another server hears how such a page may ask', async () => {
    const asked = 'Origin: http://localhost:5173\r\nAccess-Control-Request-Method: POST\r\n';
    const request = get('/graphql', HOST + asked).replace('GET', 'OPTIONS');
    const message = 'origin: expected a page of this server, got "http://localhost:5173"; add it to ALLOWED_ORIGINS';
    expect(await refusal(server.url, request)).toEqual([403, 'FORBIDDEN', message]);
  });
});

describe('an upgrade', () => {
  it.each<[string, string, number, string, RegExp]>([
    ['another path', get('/x', SOCKET), 404, 'NOT_FOUND', /^path: expected \/graphql, got "\/x"$/],
    ['no key', get('/graphql', UPGRADE), 400, 'BAD_REQUEST', /^upgrade: .*Sec-WebSocket-Key/],
    ['an old version', get('/graphql', SOCKET.replace('13', '7')), 400, 'BAD_REQUEST', /^upgrade: .*-Version/],
    ['two hosts', get('/graphql', HOST + SOCKET), 400, 'BAD_REQUEST', /^host: expected one header, got 2$/],
    ['no host', get('/graphql', SOCKET.replace(HOST, '')), 400, 'BAD_REQUEST', /^host: expected one header, got none$/],
    [
      'a foreign page',
      get('/graphql', `${SOCKET}Origin: http://evil.example\r\n`),
      403,
      'FORBIDDEN',
      /^origin: expected/,
    ],
  ])('with %s is refused in JSON', async (_what, request, status, code, message) => {
    const upgrade = request.replace('Connection: close\r\n', '');
    expect(await refusal(server.url, upgrade)).toEqual([status, code, expect.stringMatching(message)]);
  });

  it.each([
    ['graphql-ws', 'graphql-ws, the former one'],
    [undefined, 'none'],
  ])('of the subprotocol %s is told which one to take', async (subprotocol, got) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, subprotocol);
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    const expected = 'subprotocol: expected graphql-transport-ws, as npm package graphql-ws speaks it';
    expect([code, String(reason)]).toEqual([4406, `${expected}, got ${got}`]);
  });
});
