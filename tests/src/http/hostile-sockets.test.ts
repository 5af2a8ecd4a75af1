/** Frames that no client library sends: none may crash the server, hold it up or fill its memory, and each socket is told why it ends. */
import { deflateRawSync } from 'node:zlib';

import { startServer, type RunningServer } from '../../../src/http/server';
import { createFakeApp, type FakeApp, KEYS, testConfig } from '../../support/fake-ports';
import { testClient } from '../../support/graphql-client';
import { OPERATIONS } from '../../support/operations';
import { openRaw, type RawConnection } from '../../support/raw-connection';
import { until } from '../../support/until';

let app: FakeApp;
let server: RunningServer;
beforeAll(async () => {
  app = createFakeApp();
  server = await startServer(app, testConfig({ TIGERQL_SOCKET_INIT_TIMEOUT_MS: '3000' }));
});
afterEach(async () => {
  // Whatever came before, other sockets are served, and nothing failed.
  const subscription = testClient(server.url).subscribe('{ __typename }');
  expect(await subscription.next()).toEqual({ data: { __typename: 'Query' } });
  await subscription.dispose();
  expect(app.logLines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
});
afterAll(() => server.close());

const [CONTINUATION, TEXT, BINARY, CLOSE, PING] = [0x0, 0x1, 0x2, 0x8, 0x9];
const FIN = 0x80;
const COMPRESSED = 0x40;
const MASKED = 0x80;
const INIT = '{"type":"connection_init"}';

/** A frame with a mask of zeros. @param length - What the frame says of its length. */
function frame(head: number, payload: string | Buffer = '', length = Buffer.byteLength(payload)): Buffer {
  const size = Buffer.alloc(length < 126 ? 1 : length < 65_536 ? 3 : 9);
  if (length < 126) size[0] = length;
  else if (length < 65_536) size.writeUInt16BE(length, 1);
  else size.writeBigUInt64BE(BigInt(length), 1);
  if (length >= 126) size[0] = length < 65_536 ? 126 : 127;
  size[0] |= MASKED;
  return Buffer.concat([Buffer.from([head]), size, Buffer.alloc(4), Buffer.from(payload)]);
}

async function openSocket(headers = ''): Promise<RawConnection> {
  const connection = openRaw(server.url);
  const protocol = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n';
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  connection.socket.write(
    `GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${protocol}${key}${headers}\r\n`,
  );
  await connection.until((text) => text.includes('\r\n\r\n'));
  return connection;
}

async function openSockets(): Promise<number> {
  return (await app.metrics.openSockets.get()).values[0].value;
}

/** Every frame of the server has less than 126 bytes or 64 KiB. @returns The code of its close frame; null as long as there is none. */
function closeCodeIn(text: string): number | null {
  const bytes = Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4), 'latin1');
  for (let at = 0; at + 2 <= bytes.length;) {
    const isLong = bytes[at + 1] === 126;
    const begin = at + (isLong ? 4 : 2);
    const end = begin + (isLong ? bytes.readUInt16BE(at + 2) : bytes[at + 1]);
    if (end > bytes.length) return null;
    if (bytes[at] === (FIN | CLOSE)) return bytes.readUInt16BE(begin);
    at = end;
  }
  return null;
}

/** Sends the frames and waits until the server closes. @returns Its close code. */
async function codeAfter(...frames: readonly Buffer[]): Promise<number | null> {
  const connection = await openSocket();
  for (const each of frames) connection.socket.write(each);
  const text = await connection.until((all) => closeCodeIn(all) !== null);
  connection.socket.destroy();
  return closeCodeIn(text);
}

describe('frames', () => {
  const many = (count: number, text: string) =>
    Buffer.concat([frame(TEXT, text), ...Array.from({ length: count }, () => frame(CONTINUATION, text))]);

  it.each<[string, number, Buffer]>([
    ['a message in fragments without end', 1008, many(1_000, 'x')],
    ['a message in empty fragments without end', 1008, many(1_000, '')],
    ['fragments that are too long together', 1009, many(20, 'x'.repeat(10_000))],
    ['a length beyond all limits', 1009, frame(FIN | TEXT, '{', 2 ** 52)],
    ['a message that is compressed, which nobody agreed to', 1002, frame(FIN | COMPRESSED | TEXT, deflateRawSync('x'))],
    ['a frame without a mask', 1002, Buffer.from([FIN | TEXT, 1, 0x78])],
    ['an unknown kind of frame', 1002, frame(FIN | 0x3, 'x')],
    ['a fragment of nothing', 1002, frame(FIN | CONTINUATION, 'x')],
    ['a message within another one', 1002, Buffer.concat([frame(TEXT, 'x'), frame(FIN | TEXT, 'x')])],
    ['a ping in fragments', 1002, frame(PING, 'x')],
    ['a ping that is too long', 1002, frame(FIN | PING, 'x'.repeat(126))],
    ['a close of one byte', 1002, frame(FIN | CLOSE, 'x')],
    ['text that is no UTF-8', 1007, frame(FIN | TEXT, Buffer.from([0xff, 0xfe]))],
    ['bytes that are no message', 4400, frame(FIN | BINARY, Buffer.alloc(100))],
    ['a first fragment, and then nothing', 4408, frame(TEXT, INIT)],
  ])('that are %s close the socket with %d', async (_what, code, bytes) => {
    expect(await codeAfter(bytes)).toBe(code);
  });

  it('are never packed, so that none can grow', async () => {
    const bomb = deflateRawSync(Buffer.alloc(20_000_000));
    const connection = await openSocket('Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=15\r\n');
    expect(connection.text()).not.toMatch(/sec-websocket-extensions/i);
    connection.socket.write(frame(FIN | COMPRESSED | TEXT, bomb));
    expect(closeCodeIn(await connection.until((text) => closeCodeIn(text) !== null))).toBe(1002);
    connection.socket.destroy();
  });

  it('may come byte by byte, and in a few fragments', async () => {
    const connection = await openSocket();
    const [first, rest] = [INIT.slice(0, 5), INIT.slice(5)];
    for (const byte of Buffer.concat([frame(TEXT, first), frame(FIN | PING), frame(FIN | CONTINUATION, rest)])) {
      connection.socket.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    await connection.until((text) => text.includes('connection_ack'));
    connection.socket.destroy();
  });

  it('that ask for a long answer to a ping get a short one', async () => {
    const connection = await openSocket();
    connection.socket.write(frame(FIN | TEXT, INIT));
    await connection.until((all) => all.includes('"connection_ack"'));
    connection.socket.write(frame(FIN | TEXT, `{"type":"ping","payload":{"filler":"${'x'.repeat(60_000)}"}}`));
    const text = await connection.until((all) => all.includes('"pong"'));
    expect(text.slice(text.lastIndexOf('{'))).toBe('{"type":"pong"}');
    connection.socket.destroy();
  });

  it('that come in one packet are all read', async () => {
    const connection = await openSocket();
    connection.socket.write(Buffer.concat([frame(FIN | TEXT, INIT), frame(FIN | TEXT, '{"type":"ping"}')]));
    await connection.until((text) => text.includes('"pong"'));
    connection.socket.destroy();
  });

  it.each<[string, Buffer]>([
    ['pings', frame(FIN | PING)],
    ['messages', frame(FIN | TEXT, '{"type":"ping"}')],
  ])('that are thousands of %s in one packet let others have their turn', async (_what, each) => {
    const connection = await openSocket();
    connection.socket.write(frame(FIN | TEXT, INIT));
    const before = await connection.until((all) => all.includes('"connection_ack"'));
    const count = 2_000;
    const answered = () => connection.text().length - before.length;
    connection.socket.write(Buffer.concat(new Array<Buffer>(count).fill(each)));
    await fetch(`${server.url}/health/live`);
    const bytesBetween = answered();
    const bytesPerAnswer = each.length === 6 ? 2 : frame(FIN | TEXT, '{"type":"pong"}').length - 4;
    await connection.until(() => answered() === count * bytesPerAnswer);
    expect(bytesBetween).toBeLessThan(count * bytesPerAnswer);
    connection.socket.destroy();
  });
});

describe('sockets', () => {
  it('that are closed by halves, or that do not answer a close, are ended', async () => {
    const half = await openSocket();
    half.socket.end();
    await half.closed();
    const deaf = await openSocket();
    deaf.socket.write(frame(FIN | TEXT, 'nonsense'));
    await deaf.closed();
  });

  it('that leave thousands of messages behind fill no log', async () => {
    const connection = await openSocket();
    connection.socket.write(frame(FIN | TEXT, INIT));
    await connection.until((all) => all.includes('"connection_ack"'));
    const before = app.logLines.length;
    connection.socket.write(Buffer.concat(new Array<Buffer>(2_000).fill(frame(FIN | TEXT, '{"type":"ping"}'))));
    connection.socket.destroy();
    await until(async () => (await openSockets()) === 0);
    expect(app.logLines.slice(before)).toEqual([]);
  });

  it('speak WebSocket at /graphql alone, and of no other version', async () => {
    const upgrade = (path: string, version: string) =>
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: ${version}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
    for (const request of [upgrade('/other', '13'), upgrade('/graphql', '7'), upgrade('/graphql/../x', '13')]) {
      const connection = openRaw(server.url);
      connection.socket.write(request);
      expect(await connection.closed()).toMatch(/^HTTP\/1\.1 40[04] /);
    }
  });
});

describe('names that JavaScript gives a meaning', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'harm nobody as ids or keys: %s',
    async (name) => {
      const connection = await openSocket();
      const send = (message: string) => connection.socket.write(frame(FIN | TEXT, message));
      send(`{"type":"connection_init","payload":{"authorization":"Bearer ${KEYS.ADMIN}","${name}":{"isAdmin":true}}}`);
      await connection.until((text) => text.includes('connection_ack'));
      const document = JSON.stringify(OPERATIONS['add-items']);
      const items = `[{"externalId":"a","title":"A","attributes":{"${name}":{"isAdmin":true}}}]`;
      send(`{"type":"subscribe","id":"1","payload":{"query":${document},"variables":{"input":{"items":${items}}}}}`);
      await connection.until((text) => text.includes('"type":"complete"'));
      const [added] = app.services.calls.filter(({ port }) => port === 'addItems').slice(-1);
      expect(JSON.stringify(added.args[0])).toContain(`"${name}":{"isAdmin":true}`);
      send(`{"type":"complete","id":"${name}"}`);
      send(`{"type":"subscribe","id":"${name}","payload":{"query":"{ ${name}: __typename }"}}`);
      await connection.until((text) => text.includes(`"id":"${name}"`) || closeCodeIn(text) === 4409);
      connection.socket.destroy();
      expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
    },
  );
});
