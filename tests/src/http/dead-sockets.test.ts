import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { WebSocket, WebSocketServer } from 'ws';

import { endWhenDead } from '../../../src/http/dead-sockets';

/** More than the buffers of the system hold (some 4 MB each way). */
const ANSWER = 'x'.repeat(24_000_000);

describe('endWhenDead', () => {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  beforeAll(() => once(server.listen(0), 'listening'));
  afterAll(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });

  /** @returns Both ends of a socket that is watched. */
  async function openWatched(pingMs: number, options: { readonly autoPong?: boolean } = {}) {
    const opened = once(sockets, 'connection') as Promise<[WebSocket, IncomingMessage]>;
    const client = new WebSocket(`ws://localhost:${(server.address() as AddressInfo).port}`, options);
    const [[socket, request]] = await Promise.all([opened, once(client, 'open')]);
    const stop = endWhenDead(socket, request.socket, pingMs);
    socket.once('close', stop);
    return { client, socket };
  }

  it('lets a client read a long answer slowly, although its pongs wait behind it', async () => {
    const { client, socket } = await openWatched(500);
    const [taken, pongs] = [jest.fn(), jest.fn()];
    socket.on('pong', pongs);
    const { _socket: connection } = client as unknown as { readonly _socket: Socket };
    const slowly = (data: Buffer) => {
      connection.pause();
      setTimeout(() => connection.resume(), data.length / 4_000); // 4 MB a second
    };
    connection.on('data', slowly);
    const heard = once(client, 'message') as Promise<[Buffer]>;
    socket.send(ANSWER, () => {
      taken(pongs.mock.calls.length);
      connection.off('data', slowly);
    });
    const [answer] = await Promise.race([heard, once(client, 'close').then(() => [Buffer.alloc(0)])]);
    expect(answer).toHaveLength(ANSWER.length);
    expect(taken).toHaveBeenCalledWith(0);
    client.terminate();
  });

  it('ends a client that reads nothing, also when it goes on sending', async () => {
    const { client, socket } = await openWatched(20);
    client.pause();
    const sending = setInterval(() => client.send('x'), 10);
    socket.send(ANSWER);
    const [code] = (await once(socket, 'close')) as [number];
    clearInterval(sending);
    expect(code).toBe(1006);
    client.terminate();
  });

  it('ends a client that answers no ping, and keeps one that does', async () => {
    const [mute, alive] = [await openWatched(20, { autoPong: false }), await openWatched(20)];
    await once(mute.socket, 'close');
    expect(alive.socket.readyState).toBe(WebSocket.OPEN);
    alive.client.terminate();
  });
});
