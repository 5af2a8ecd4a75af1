/** Lets graphql-ws speak on the sockets of `ws`. It differs from the adapter of graphql-ws in that errors go to the log of the server. */
import type { IncomingMessage } from 'node:http';

import { CloseCode, type ConnectionInitMessage, handleProtocols, makeServer, type ServerOptions } from 'graphql-ws';
import type { WebSocket, WebSocketServer } from 'ws';

import type { Logger } from '../logger';

/** What `extra` of a graphql-ws context holds. */
export interface SocketExtra extends Record<PropertyKey, unknown> {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

/** A proxy and a dead peer are noticed after this long at the latest. */
const PING_MS = 12_000;

/** @returns A handle whose `dispose` closes every socket with 1001. */
export function serveSockets<P extends ConnectionInitMessage['payload']>(
  options: ServerOptions<P, SocketExtra>,
  sockets: WebSocketServer,
  logger: Logger,
): { dispose(): Promise<void> } {
  const server = makeServer(options);
  sockets.options.handleProtocols = handleProtocols;
  sockets.on('error', (err) => logger.error({ err }, 'The server of WebSockets failed.'));
  sockets.on('connection', (socket, request) => {
    const fail = (err: unknown, message: string) => {
      logger.warn({ err }, message);
      socket.close(CloseCode.InternalServerError, 'Internal server error');
    };
    socket.once('error', (err) => fail(err, 'A WebSocket broke the protocol.'));
    // A second error of the same socket says nothing new.
    socket.on('error', () => undefined);
    const stopPings = pingSometimes(socket);
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (data) => send(socket, data),
        close(code, reason) {
          logger.info({ code, reason }, 'The server closed a WebSocket.');
          socket.close(code, reason);
        },
        onMessage: (handle) => {
          socket.on('message', (data) => {
            handle(String(data)).catch((error: unknown) => fail(error, 'A message of a WebSocket failed.'));
          });
        },
      },
      { socket, request },
    );
    socket.once('close', (code, reason) => {
      stopPings();
      void closed(code, String(reason));
    });
  });
  return { dispose: () => closeAll(sockets) };
}

function send(socket: WebSocket, data: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve, reject) => socket.send(data, (error) => (error ? reject(error) : resolve())));
}

/** Ends a socket that does not answer a ping before the next one. @returns A function that stops the pings. */
function pingSometimes(socket: WebSocket): () => void {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, PING_MS);
  return () => clearInterval(timer);
}

async function closeAll(sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.close(1001, 'Going away');
  sockets.removeAllListeners();
  await new Promise<void>((resolve, reject) => sockets.close((error) => (error ? reject(error) : resolve())));
}
