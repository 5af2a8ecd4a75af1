/** GraphQL over WebSocket: graphql-ws runs the same schema, with the same limits, context and answers as Apollo Server. */
import type { IncomingMessage, Server } from 'node:http';

import { useServer } from 'graphql-ws/use/ws';
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws';

import type { Caller } from '../../graphql/api-key/records';
import { Counts } from '../../models/math/counts';
import type { IsCurrent } from '../api/context';
import type { Config } from '../config';
import { OverloadedError, PublicError } from '../errors';
import type { Metrics } from './metrics';
import { isOriginAllowed } from './own-names';
import { closeSocket, type SocketOperationParts, SocketOperations, UNAUTHENTICATED } from './socket-operations';

/** The longest message that a socket may send; what is longer belongs in an HTTP request. */
const MAX_PAYLOAD_BYTES = 64 * 1024;
/** A socket that does not answer a ping until the next one is dead. */
const PING_EVERY_MS = 12_000;
/** How long the server waits for a client to answer a close. */
const CLOSE_TIMEOUT_MS = 2_000;
/** The socket of a key that has ended is closed at most this much later than the process knows it. */
const LOOK_AT_KEYS_MS = 500;

interface WebSocketParts extends SocketOperationParts {
  readonly server: Server;
  readonly config: Config;
  readonly metrics: Pick<Metrics, 'openSockets'>;
  readonly isCurrent: IsCurrent;
}

/** @returns A handle whose `dispose` closes every socket with 1001. */
export function serveWebSockets(parts: WebSocketParts): { dispose(): Promise<void> } {
  const { server, config, logger } = parts;
  const options: ServerOptions & { closeTimeout: number } = {
    server,
    path: '/graphql',
    maxPayload: MAX_PAYLOAD_BYTES,
    closeTimeout: CLOSE_TIMEOUT_MS,
    verifyClient: ({ req }, answer) => {
      const refusal = gate.refusalOf(req);
      if (refusal === null) return answer(true);
      const { status, headers, body } = parts.answers.refusal(refusal);
      answer(false, status, body, headers);
    },
  };
  const sockets = new WebSocketServer(options);
  const gate = countSockets(sockets, parts);
  const operations = new SocketOperations(parts);
  const keys = watchKeys(parts);
  const protocol = useServer<Record<string, unknown> | undefined>(
    {
      isProd: true,
      connectionInitWaitTimeout: config.limits.socketInitTimeoutMs,
      onConnect: async (socket) => keys.add(socket.extra.socket, await operations.callerOf(socket)),
      onSubscribe: (socket, id, payload) => operations.begin(socket, id, payload),
      onOperation: (socket, id, _payload, _args, result) => operations.executed(socket, id, result),
      onNext: (_socket, _id, _payload, _args, result) => operations.answer(result),
      onError: (_socket, _id, _payload, errors) => errors.map((error) => parts.answers.format(error)),
      onComplete: (socket, id) => operations.end(socket, id),
      onClose: (socket) => operations.endAll(socket),
    },
    sockets,
    PING_EVERY_MS,
  );
  sockets.on('error', (err) => logger.error({ err }, 'WebSockets could not be served.'));
  return {
    async dispose() {
      keys.dispose();
      await protocol.dispose();
    },
  };
}

/** Counts sockets by their addresses. */
function countSockets(sockets: WebSocketServer, { config, metrics, addressOf }: WebSocketParts) {
  const { maxSockets, maxSocketsPerAddress } = config.limits;
  const open = new Counts();
  sockets.on('connection', (socket, request) => {
    const address = addressOf(request);
    open.add(address, 1);
    metrics.openSockets.inc();
    socket.once('close', () => {
      metrics.openSockets.dec();
      open.add(address, -1);
    });
  });
  return {
    /** @returns Why a request may not become a socket. */
    refusalOf(request: IncomingMessage): PublicError | null {
      // CORS does not hold for WebSockets.
      if (!isOriginAllowed(request, config)) return new PublicError('FORBIDDEN', FOREIGN_PAGE, 403);
      if (sockets.clients.size >= maxSockets)
        return new OverloadedError(`sockets: expected at most ${maxSockets} in all, got more; try again later`);
      if (open.of(addressOf(request)) < maxSocketsPerAddress) return null;
      const message = `sockets: expected at most ${maxSocketsPerAddress} of one address, got more; close one first`;
      return new PublicError('TOO_MANY_SOCKETS', message, 429, { 'retry-after': '1' });
    },
  };
}

const FOREIGN_PAGE = 'origin: expected a page of this server, got another one; set PUBLIC_URL or ALLOWED_ORIGINS';

/** Closes sockets whose key or token has ended. An operation checks its key when it starts; this is for those that already run. */
function watchKeys({ isCurrent, logger }: WebSocketParts) {
  const callers = new Map<WebSocket, Caller>();
  const look = (socket: WebSocket, caller: Caller) =>
    isCurrent(caller).then(
      (holds) => holds || closeSocket(socket, UNAUTHENTICATED, KEY_ENDED, logger),
      () => undefined, // the database does not answer, and nobody has said that the key has ended
    );
  const timer = setInterval(() => callers.forEach((caller, socket) => void look(socket, caller)), LOOK_AT_KEYS_MS);
  timer.unref();
  return {
    /** @param caller - Null: the socket was refused. @returns Whether it may stay open. */
    add(socket: WebSocket, caller: Caller | null): boolean {
      if (caller === null) return false;
      if (caller.key === null && caller.expiresAt === null) return true;
      callers.set(socket, caller);
      socket.once('close', () => callers.delete(socket));
      if (socket.readyState !== WebSocket.OPEN) callers.delete(socket);
      return true;
    },
    dispose: () => clearInterval(timer),
  };
}

const KEY_ENDED = 'UNAUTHENTICATED authorization: the key or token of this socket has ended';
