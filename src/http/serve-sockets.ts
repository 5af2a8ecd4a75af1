/** Lets graphql-ws speak on the sockets of `ws`. It differs from the adapter of graphql-ws in that errors go to the log of the server. */
import type { IncomingMessage } from 'node:http';

import {
  CloseCode,
  type ConnectionInitMessage,
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  handleProtocols,
  makeServer,
  MessageType,
  type Server,
  type ServerOptions,
} from 'graphql-ws';
import { WebSocket, type WebSocketServer } from 'ws';

import type { UnauthenticatedError } from '../errors';
import type { Logger } from '../logger';
import { messageOf } from '../message-of';
import { closeReason } from './close-reason';
import { endWhenDead } from './dead-sockets';
import type { UnsentAnswers } from './unsent-answers';

/** What `extra` of a graphql-ws context holds. A socket is open for long, so the request that opened it is not kept. */
export interface SocketExtra extends Record<PropertyKey, unknown> {
  readonly socket: WebSocket;
  readonly opening: SocketOpening;
}

/** What operations need of the request that has opened their socket. */
export interface SocketOpening {
  readonly address: string;
  /** The header, or why it cannot be used. */
  readonly authorization: string | UnauthenticatedError | undefined;
}

/**
 * A client that does not read its answers is not read from until it does. Else the answers to its pings alone could fill
 * the memory.
 */
const MAX_UNREAD_BYTES = 64 * 1024;

/**
 * What npm package subscriptions-transport-ws speaks. It is agreed to, since clients never hear why a server closes a socket whose
 * subprotocol it does not agree to.
 */
const FORMER_PROTOCOL = 'graphql-ws';

/** The protocol asks for no payload in it, so a ping of 64 KiB has a short answer. */
const PONG = JSON.stringify({ type: MessageType.Pong });

export interface ServeSocketsParts {
  readonly logger: Logger;
  readonly unsent: UnsentAnswers;
  readonly openingOf: (request: IncomingMessage) => SocketOpening;
  /** Called when graphql-ws knows of a message; what the message asks for may take longer. */
  readonly onHandled: (extra: SocketExtra) => void;
}

/**
 * @param sockets - With `autoPong: false`.
 * @returns A handle whose `dispose` closes every socket with 1001.
 */
export function serveSockets<P extends ConnectionInitMessage['payload']>(
  options: ServerOptions<P, SocketExtra>,
  sockets: WebSocketServer,
  parts: ServeSocketsParts,
): { dispose(): Promise<void> } {
  const server = makeServer(options);
  sockets.options.handleProtocols = (offered) =>
    handleProtocols(offered) || (offered.has(FORMER_PROTOCOL) && FORMER_PROTOCOL);
  sockets.on('error', (err) => parts.logger.error({ err }, 'WebSockets could not be served.'));
  sockets.on('connection', (socket, request) => {
    socket.once('error', (err) => fail(socket, err, 'A WebSocket broke the protocol.', parts.logger));
    // A second error of the same socket says nothing new.
    socket.on('error', () => undefined);
    answerPings(socket);
    const stopPings = endWhenDead(socket, request.socket);
    const closed = open(server, { socket, opening: parts.openingOf(request) }, parts);
    socket.once('close', (code, reason) => {
      stopPings();
      void closed(code, String(reason));
    });
  });
  return { dispose: () => closeAll(sockets) };
}

/** Lets graphql-ws speak on a socket. @returns What is to be told when the socket has closed. */
function open(
  server: Server<SocketExtra>,
  extra: SocketExtra,
  { logger, unsent, onHandled }: ServeSocketsParts,
): ReturnType<Server<SocketExtra>['opened']> {
  const { socket, opening } = extra;
  const sendCounted = (data: string) => send(socket, data, unsent.add(opening.address, data));
  const hear = (data: string, handle: (data: string) => Promise<void>) => {
    handle(data).catch((error: unknown) => {
      if (isOfServers(error)) socket.close(CloseCode.BadRequest, 'Invalid message received');
      else fail(socket, error, 'A message of a WebSocket failed.', logger);
    });
    onHandled(extra);
  };
  const channel = {
    protocol: socket.protocol,
    send: sendCounted,
    onPing: () => sendCounted(PONG),
    close(code: number, given = '') {
      const reason = code === CloseCode.SubprotocolNotAcceptable ? wrongProtocol(socket.protocol) : given;
      closeSocket(socket, { code, reason }, logger);
    },
    onMessage: (handle: (data: string) => Promise<void>) =>
      void socket.on('message', (data) => hear(String(data), handle)),
  };
  return server.opened(channel, extra);
}

function fail(socket: WebSocket, err: unknown, message: string, logger: Logger): void {
  logger.warn({ err }, message);
  socket.close(CloseCode.InternalServerError, 'Internal server error');
}

/** Closes a socket, and says so in the log; nothing when it is closing already, as after a refusal with a code of its own. */
export function closeSocket(
  socket: Pick<WebSocket, 'close' | 'readyState'>,
  { code, reason }: { readonly code?: number; readonly reason: string },
  logger: Logger,
): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  logger.info({ code, reason }, 'The server closed a WebSocket.');
  // graphql-ws names the id of an operation, which may be long.
  socket.close(code, closeReason(reason));
}

function wrongProtocol(protocol: string): string {
  const got = protocol === FORMER_PROTOCOL ? `${FORMER_PROTOCOL}, the former one` : 'none';
  return `subprotocol: expected ${GRAPHQL_TRANSPORT_WS_PROTOCOL}, as npm package graphql-ws speaks it, got ${got}`;
}

/** Whether a client has sent a message that only servers send, such as `next`; graphql-ws throws at it. */
function isOfServers(error: unknown): boolean {
  return messageOf(error).startsWith('Unexpected message of type ');
}

/**
 * What a client that has left does not take is no failure. It may have left behind thousands of messages, and the first answer tells of it
 * before the socket has closed.
 */
function send(socket: WebSocket, data: string, onSent: () => void): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve(onSent());
  return new Promise((resolve) => {
    socket.send(data, () => {
      onSent();
      readOn(socket);
      resolve();
    });
    pauseWhenUnread(socket);
  });
}

function pauseWhenUnread(socket: WebSocket): void {
  if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.pause();
}

function readOn(socket: WebSocket): void {
  if (socket.isPaused && socket.bufferedAmount <= MAX_UNREAD_BYTES) socket.resume();
}

function answerPings(socket: WebSocket): void {
  socket.on('ping', (data) => {
    socket.pong(data, false, () => readOn(socket));
    pauseWhenUnread(socket);
  });
}

async function closeAll(sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.close(1001, 'Going away');
  sockets.removeAllListeners();
  await new Promise<void>((resolve, reject) => sockets.close((error) => (error ? reject(error) : resolve())));
}
