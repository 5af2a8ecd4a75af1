/** Requests that no client library sends: none may crash the server, hold it up or fill its memory, and each is answered or ended. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { startServer, type RunningServer } from '../../../src/http/server';
import { PACKAGE_ROOT } from '../../../src/paths';
import { createFakeApp, type FakeApp, KEYS, testConfig } from '../../support/fake-ports';
import { testClient } from '../../support/graphql-client';
import { OPERATIONS } from '../../support/operations';
import { openRaw, rawAnswer } from '../../support/raw-connection';

const LIMITS = { TIGERQL_REQUEST_TIMEOUT_MS: '500', TIGERQL_MAX_READER_BODY_BYTES: '2000' };

let app: FakeApp;
let server: RunningServer;
beforeAll(async () => {
  app = createFakeApp();
  server = await startServer(app, testConfig(LIMITS));
});
afterEach(async () => {
  // Whatever came before, others are served, and nothing failed.
  (await testClient(server.url).execute('{ __typename }')).expectData();
  expect(app.logLines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
});
afterAll(() => server.close());

const BODY = '{"query":"{ __typename }"}';
const HOST = 'Host: localhost\r\n';
const CLOSE = 'Connection: close\r\n';
const POST = `POST /graphql HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;
const LENGTH = `Content-Length: ${BODY.length}\r\n`;
const PREFLIGHT = 'Apollo-Require-Preflight: true\r\n';
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

const get = (target: string, headers = '') => `GET ${target} HTTP/1.1\r\n${headers || HOST}${CLOSE}\r\n`;
const answerTo = (request: string) => rawAnswer(server.url, Buffer.from(request, 'latin1'));
const statusOf = async (request: string) => Number(/^HTTP\/1\.1 (\d+) /.exec(await answerTo(request))?.[1]);

/** Sends the head, then the part again and again until the server ends the connection. @returns What the server said. */
async function sendWithoutEnd(head: string, part: string): Promise<string> {
  const connection = openRaw(server.url);
  const { socket } = connection;
  socket.write(head);
  const timer = setInterval(() => socket.writableNeedDrain || socket.write(part), 1);
  const answer = await connection.closed();
  clearInterval(timer);
  return answer;
}

describe('bodies', () => {
  it.each([
    ['chunks', `${POST}Transfer-Encoding: chunked\r\n\r\n`, chunk(' '.repeat(60_000))],
    ['chunks of one byte', `${POST}Transfer-Encoding: chunked\r\n\r\n`, chunk(' ').repeat(1_000)],
    ['a length', `${POST}Content-Length: 999999999999\r\n\r\n`, ' '.repeat(60_000)],
  ])('that have no end are refused long before it, by %s', async (_name, head, part) => {
    expect(await sendWithoutEnd(head, part)).toMatch(/^HTTP\/1\.1 413 [^]*body: expected at most 2000 bytes, got more/);
  });

  it('that have no end, in a GET request, are not read', async () => {
    const head = `GET /graphql?query={__typename} HTTP/1.1\r\n${HOST}${PREFLIGHT}Transfer-Encoding: chunked\r\n\r\n`;
    expect(await sendWithoutEnd(head, chunk(' '.repeat(60_000)))).toMatch(/^HTTP\/1\.1 200 [^]*"__typename":"Query"/);
  });

  it.each([
    ['the header', `${POST}X-Slow: `, 'x'],
    ['a body of some length', `${POST}${LENGTH.replace(/\d+/, '1999')}\r\n`, ' '],
    ['a body in chunks', `${POST}Transfer-Encoding: chunked\r\n\r\n`, chunk(' ')],
    ['nothing', '', ''],
  ])('and headers that come byte by byte end with 408: %s', async (_name, head, byte) => {
    expect(await sendWithoutEnd(head, byte)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('whose chunks have long extensions are refused', async () => {
    const long = `${POST}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(20_000)}\r\n`;
    expect(await statusOf(long)).toBe(413);
    expect(await sendWithoutEnd(`${POST}Transfer-Encoding: chunked\r\n\r\n1;`, 'x'.repeat(1000))).toMatch(/ 413 /);
  });

  it('with trailers that have no end are refused', async () => {
    const head = `${POST}Transfer-Encoding: chunked\r\n\r\n${chunk(BODY)}0\r\n`;
    expect(await sendWithoutEnd(head, `x-filler: ${'x'.repeat(1000)}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it.each<[string, number]>([
    [`${LENGTH}${LENGTH}`, 400],
    [LENGTH.replace(/\d+/, '$&, $&'), 400],
    [LENGTH.replace(/\d+/, '+$&'), 400],
    ['Content-Length: -1\r\n', 400],
    ['Content-Length: 0x1a\r\n', 400],
    ['Content-Length: 99999999999999999999999\r\n', 400],
    [`${LENGTH}Transfer-Encoding: chunked\r\n`, 400],
    ['Transfer-Encoding: chunked, chunked\r\n', 400],
    ['Transfer-Encoding: xchunked\r\n', 400],
    ['Transfer-Encoding: identity\r\n', 400],
    ['Transfer-Encoding : chunked\r\n', 400],
    [`${LENGTH}Content-Encoding: nonsense\r\n`, 415],
    [`${LENGTH}Content-Encoding: gzip\r\n`, 400],
  ])('of a doubtful length or encoding are refused: %j by %d', async (headers, status) => {
    expect(await statusOf(`${POST}${CLOSE}${headers}\r\n${BODY}`)).toBe(status);
  });

  it('that wait for a leave to be sent get it, or a refusal at once', async () => {
    const asking = (headers: string) => `${POST}${CLOSE}${headers}`;
    const [inTime, long, other] = await Promise.all([
      answerTo(asking(`Expect: 100-continue\r\n${LENGTH}\r\n${BODY}`)),
      answerTo(asking('Expect: 100-continue\r\nContent-Length: 100000000\r\n\r\n')),
      answerTo(asking(`Expect: magic\r\n${LENGTH}\r\n${BODY}`)),
    ]);
    expect(inTime).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    expect(long).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 413 /);
    expect(other).toMatch(/^HTTP\/1\.1 417 /);
  });
});

describe('headers', () => {
  it('that are many are refused, so that none is passed over', async () => {
    const key = 'Authorization: Bearer nobody-has-this-key\r\n';
    expect(await statusOf(`${POST}${CLOSE}${'a:\r\n'.repeat(3000)}${key}${LENGTH}\r\n${BODY}`)).toBe(431);
    expect(await statusOf(`${POST}${CLOSE}${'a:\r\n'.repeat(150)}${key}${LENGTH}\r\n${BODY}`)).toBe(401);
    for (const filler of [`X-Filler: ${'x'.repeat(20_000)}\r\n`, 'a: b\r\n'.repeat(30_000)])
      expect(await statusOf(`${POST}${filler}\r\n`)).toBe(431);
  });

  it('of a WebSocket that are many are refused too', async () => {
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n';
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
    const request = `GET /graphql HTTP/1.1\r\n${HOST}${upgrade}${key}`;
    expect(await statusOf(`${request}${'a:\r\n'.repeat(300)}\r\n`)).toBe(431);
    expect(await statusOf(`${request}Host: evil.example\r\n\r\n`)).toBe(400);
  });

  it.each([
    ['no host', ''],
    ['two hosts', `${HOST}Host: evil.example\r\n`],
    ['a NUL', `${HOST}X: a\0b\r\n`],
    ['a folded line', `${HOST}X: a\r\n b\r\n`],
    ['a name with a blank', `${HOST}X Y: z\r\n`],
  ])('with %s are refused', async (_name, headers) => {
    expect(await statusOf(`GET /operations HTTP/1.1\r\n${headers}${CLOSE}\r\n`)).toBe(400);
  });
});

describe('versions and targets', () => {
  it('answers HTTP/1.0, and refuses what is no HTTP/1', async () => {
    const old = `GET /graphql?query={__typename} HTTP/1.0\r\n${PREFLIGHT}\r\n`;
    expect(await answerTo(old)).toMatch(/^HTTP\/1\.1 200 [^]*Connection: close[^]*"__typename":"Query"/);
    expect(await statusOf('POST /graphql HTTP/1.0\r\nContent-Type: application/json\r\n\r\n')).toBe(400);
    // HTTP/0.9 knows no headers: the server waits for them in vain.
    expect(await statusOf('GET /health/live\r\n')).toBe(408);
    const others = [
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'GET / HTTP/3.0\r\n\r\n',
      '\x16\x03\x01\x02\0',
      'x'.repeat(99_999),
    ];
    for (const each of others) expect(await statusOf(each)).toBe(400);
  });

  it('takes a target with a host for a path of that host, whatever the header says', async () => {
    const query = '/graphql?query={__typename}';
    expect(await statusOf(get(`http://localhost${query}`, HOST + PREFLIGHT))).toBe(200);
    expect(await statusOf(get('HTTP://localhost/health/live'))).toBe(200);
    expect(await statusOf(get(`http://evil.example${query}`, HOST + PREFLIGHT))).toBe(403);
    expect(await statusOf(get('http://evil.example/operations'))).toBe(403);
    for (const target of ['http:///graphql', '//evil.example/x', '/graphql/../operations'])
      expect([target, await statusOf(get(target))]).toEqual([target, 404]);
  });

  it.each([
    ['OPTIONS *', 404],
    ['TRACE /graphql', 405],
    ['PUT /graphql', 405],
    ['DELETE /operations', 404],
    ['NONSENSE /', 400],
  ])('answers the method %s by %d', async (line, status) => {
    expect(await statusOf(`${line} HTTP/1.1\r\n${HOST}${CLOSE}\r\n`)).toBe(status);
  });

  it('is no proxy', async () => {
    const answer = await answerTo(`CONNECT localhost:22 HTTP/1.1\r\n${HOST}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 405 [^]*"message":"method: expected a request to this server, got CONNECT/);
  });

  it('refuses queries in the address that are too long, named twice or wrongly encoded', async () => {
    const ask = (query: string) => statusOf(get(`/graphql?query=${query}`, HOST + PREFLIGHT));
    expect(await ask(`{${'a'.repeat(20_000)}}`)).toBe(431);
    expect(await ask(`{${'a'.repeat(15_000)}}`)).toBe(400);
    expect(await ask('{__typename}&query={__typename}')).toBe(400);
    expect(await ask('%E0%A4%A')).toBe(400);
    expect(await ask(`{__typename}&variables=${'['.repeat(5_000)}`)).toBe(400);
  });
});

describe('connections', () => {
  it('that send more requests at once than may wait get the answers to sixteen and a refusal', async () => {
    const flood = `GET /schema.graphql HTTP/1.1\r\n${HOST}\r\n`.repeat(100);
    const answers = (await answerTo(flood)).split('HTTP/1.1 ').slice(1);
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual([...new Array<string>(16).fill('200'), '429']);
    expect(answers[16]).toMatch(
      /Connection: close[^]*expected at most 16 requests that wait for their answers, got more/i,
    );
  });

  it('that go on sending then are ended', async () => {
    const connection = openRaw(server.url);
    const flood = `GET /schema.graphql HTTP/1.1\r\n${HOST}\r\n`.repeat(20_000);
    connection.socket.write(flood);
    expect((await connection.closed()).split('HTTP/1.1 ').length).toBeLessThanOrEqual(18);
  });

  it('may send as many as may wait', async () => {
    const inOrder = `GET /schema.graphql HTTP/1.1\r\n${HOST}\r\n`.repeat(15) + get('/health/live');
    expect((await answerTo(inOrder)).split('HTTP/1.1 200').length).toBe(17);
  });

  it('may ask any number of times, one after the other', async () => {
    const connection = openRaw(server.url);
    for (let n = 1; n <= 40; n++) {
      connection.socket.write(`GET /health/live HTTP/1.1\r\n${HOST}\r\n`);
      await connection.until((text) => text.split('{"live":true}').length === n + 1);
    }
    connection.socket.destroy();
  });

  it('that are closed by halves give their places back', async () => {
    const { recommender } = app.services;
    const { recommendForHistory } = recommender;
    const asked = new Promise<AbortSignal | undefined>((resolve) => {
      recommender.recommendForHistory = async (history, args, signal) => {
        resolve(signal);
        await new Promise((goOn) => signal?.addEventListener('abort', goOn));
        return recommendForHistory(history, args);
      };
    });
    const variables = { history: ['item-1'] };
    const body = JSON.stringify({ query: OPERATIONS['history-recommendations'], variables });
    const connection = openRaw(server.url);
    connection.socket.write(`${POST}Content-Length: ${body.length}\r\n\r\n${body}`);
    const signal = await asked;
    connection.socket.end();
    await connection.closed();
    expect(signal?.aborted).toBe(true);
    recommender.recommendForHistory = recommendForHistory;
  });
});

describe('static files', () => {
  it.each([
    '/../../package.json',
    '/%2e%2e/%2e%2e/package.json',
    '/..%2f..%2fpackage.json',
    '/..%5c..%5cpackage.json',
    '/%252e%252e%252fpackage.json',
    '/..;/package.json',
    '/.console.lock',
    '/%2f%2fetc/passwd',
    '//etc/passwd',
    '/file:///etc/passwd',
    '/index.html%00.js',
    '/assets/../../../package.json',
    '/assets/.%2e/.%2e/.%2e/package.json',
    '/assets/..%2f..%2f..%2fpackage.json',
    '/assets/..%5c..%5c..%5cpackage.json',
    '/assets/....//....//package.json',
    '/assets/%2e%2e%2findex.html',
    '/assets//etc/passwd',
    '/assets/%00',
    '/assets/%E0%A4%A',
    '/__proto__',
  ])('has nothing at %s', async (path) => {
    expect(await statusOf(get(path))).toBe(404);
  });

  it('says what it does not understand of a path', async () => {
    const answer = await answerTo(get('/%E0%A4%A', `${HOST}Accept: text/html\r\n`));
    expect(answer).toMatch(
      /^HTTP\/1\.1 400 [^]*request: expected one that can be answered, got Failed to decode param/,
    );
  });

  it('sends the range that is asked for, and never more than the file', async () => {
    const name = readdirSync(join(PACKAGE_ROOT, 'dist', 'web', 'assets')).find((file) => file.endsWith('.js'));
    const ask = (range: string) => answerTo(get(`/assets/${name}`, `${HOST}Range: ${range}\r\n`));
    const bodyOf = (answer: string) => answer.slice(answer.indexOf('\r\n\r\n') + 4);
    const whole = bodyOf(await answerTo(get(`/assets/${name}`)));
    const first = await ask('bytes=0-9');
    expect(first).toMatch(/^HTTP\/1\.1 206 /);
    expect(bodyOf(first)).toBe(whole.slice(0, 10));
    const many = await ask(`bytes=${Array.from({ length: 1500 }, () => '0-').join(',')}`);
    expect(bodyOf(many).length).toBeLessThanOrEqual(whole.length);
    expect(await ask('bytes=999999999-')).toMatch(/^HTTP\/1\.1 416 [^]*Range Not Satisfiable/);
    for (const range of ['bytes=-', 'bytes=a-b', 'rows=1-2', 'bytes=5-2'])
      expect(bodyOf(await ask(range)).length).toBeLessThanOrEqual(whole.length);
  });
});

describe('names that JavaScript gives a meaning', () => {
  const post = async (body: string) => {
    const head = `${POST}${CLOSE}Authorization: Bearer ${KEYS.ADMIN}\r\n`;
    return answerTo(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

  it.each(NAMES)('are names like others: %s', async (name) => {
    const evil = `{"isAdmin":true,"toJSON":null,"first":9}`;
    const bodies = [
      `{"query":"{ __typename }","variables":{"${name}":${evil}}}`,
      `{"query":"query ($${name}: Int) { items(first: $${name}) { nodes { id } } }","variables":{"${name}":2}}`,
      `{"query":"query ($${name}: JSON) { __typename }","variables":{"${name}":${evil}}}`,
      `{"query":"{ ${name}: __typename }"}`,
      `{"query":"query ${name} { __typename }","operationName":"${name}"}`,
      `{"query":"{ __typename }","${name}":${evil},"extensions":{"${name}":${evil}}}`,
      `{"${name}":${evil},"query":"{ ...${name} } fragment ${name} on Query { __typename }"}`,
    ];
    for (const body of bodies) expect(await post(body)).not.toMatch(/INTERNAL|^HTTP\/1\.1 5/);
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  });

  it.each(NAMES)('stay keys of attributes, sent as a variable or in the text: %s', async (name) => {
    const items = `[{"externalId":"a","title":"A","attributes":{"${name}":{"isAdmin":true}}}]`;
    const query = JSON.stringify(OPERATIONS['add-items']);
    await post(`{"query":${query},"variables":{"input":{"items":${items}}}}`);
    const literal = `{externalId: "a", title: "A", attributes: {${name}: {isAdmin: true}}}`;
    await post(JSON.stringify({ query: `mutation { addItems(input: {items: [${literal}]}) { catalogueVersion } }` }));
    const added = app.services.calls.filter(({ port }) => port === 'addItems').slice(-2);
    const kept = JSON.stringify({ attributes: JSON.parse(`{"${name}":{"isAdmin":true}}`) }).slice(1, -1);
    expect(added.map(({ args }) => JSON.stringify(args[0]))).toEqual([0, 1].map(() => expect.stringContaining(kept)));
  });

  it.each(NAMES)('are refused as fields of inputs: %s', async (name) => {
    const answer = await post(
      `{"query":${JSON.stringify(OPERATIONS['add-items'])},"variables":{"input":{"items":[],"${name}":{"atomic":true}}}}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*BAD_USER_INPUT/);
  });
});
