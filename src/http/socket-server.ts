/** Opens the WebSockets of a port: which requests may become one, and how much a client may send on it. */
import type { IncomingMessage, Server } from 'node:http';

import { type ServerOptions, WebSocketServer } from 'ws';

import { Counts } from '../../models/math/counts';
import type { Config } from '../config';
import { errorText, JSON_TYPE, pathOf, rawError } from './answers';
import type { AddressOf } from './caller-address';
import { isGraphqlRequest } from './graphql-http';
import type { Metrics } from './metrics';
import { isOriginAllowed } from './own-names';
import { formFault } from './request-form';

/** The longest message that a socket may send; what is longer belongs in an HTTP request. */
const MAX_PAYLOAD_BYTES = 64 * 1024;
/** Clients send a message in one frame or a few. What has come of a message takes memory for each frame and packet, however short. */
const MAX_FRAGMENTS = 256;
const MAX_PACKETS = 4096;
/** How long the server waits for a client to answer a close. */
const CLOSE_TIMEOUT_MS = 2_000;
const NEWEST_VERSION = { 'Sec-WebSocket-Version': '13' };

const OPTIONS = {
  maxPayload: MAX_PAYLOAD_BYTES,
  maxFragments: MAX_FRAGMENTS,
  maxBufferedChunks: MAX_PACKETS,
  // What a message grows to is known only when it has been unpacked.
  perMessageDeflate: false,
  autoPong: false,
  // One packet has thousands of short messages. Each socket gets one of them read, and then it is the turn of the others.
  allowSynchronousEvents: false,
  closeTimeout: CLOSE_TIMEOUT_MS,
} satisfies ServerOptions & { closeTimeout: number; maxFragments: number; maxBufferedChunks: number };

export interface SocketServerParts {
  readonly server: Server;
  readonly config: Config;
  readonly metrics: Pick<Metrics, 'openSockets'>;
  readonly addressOf: AddressOf;
}

export function openSocketServer({ server, config, metrics, addressOf }: SocketServerParts): WebSocketServer {
  const open = new Counts();
  const refusalOf = (request: IncomingMessage) =>
    formRefusal(request) ??
    originRefusal(request, config) ??
    countRefusal(sockets.clients.size, open.of(addressOf(request)), config.limits);
  const sockets: WebSocketServer = new WebSocketServer({
    ...OPTIONS,
    server,
    verifyClient: ({ req }, answer) => {
      const refusal = refusalOf(req);
      if (refusal === null) return answer(true);
      const { status, code, message, headers } = refusal;
      answer(false, status, errorText(code, message), { 'Content-Type': JSON_TYPE, ...headers });
    },
  });
  // `formRefusal` looks at the path.
  sockets.shouldHandle = () => true;
  sockets.on('wsClientError', ({ message }, socket) => {
    const expected = 'one to a WebSocket of version 13, or a request without Upgrade';
    socket.once('finish', () => socket.destroy());
    socket.end(rawError(400, `upgrade: expected ${expected}, got: ${message}`, NEWEST_VERSION));
  });
  sockets.on('connection', (socket, request) => {
    const address = addressOf(request);
    open.add(address, 1);
    metrics.openSockets.inc();
    socket.once('close', () => {
      metrics.openSockets.dec();
      open.add(address, -1);
    });
  });
  return sockets;
}

/** Why a request may not become a socket. */
interface UpgradeRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Record<string, string>;
}

function formRefusal(request: IncomingMessage): UpgradeRefusal | null {
  const fault = formFault(request);
  if (fault) return { ...fault, code: 'BAD_REQUEST' };
  if (isGraphqlRequest(request)) return null;
  const message = `path: expected /graphql, got ${JSON.stringify(pathOf(request))}`;
  return { status: 404, code: 'NOT_FOUND', message };
}

/** CORS does not hold for WebSockets, so the server checks the origin. */
function originRefusal(request: IncomingMessage, config: Config): UpgradeRefusal | null {
  if (isOriginAllowed(request, config)) return null;
  const message = 'origin: expected a page of this server, got another one; set PUBLIC_URL or ALLOWED_ORIGINS';
  return { status: 403, code: 'FORBIDDEN', message };
}

function countRefusal(
  inAll: number,
  ofAddress: number,
  { maxSockets, maxSocketsPerAddress }: Config['limits'],
): UpgradeRefusal | null {
  if (inAll >= maxSockets) return tooMany(503, `${maxSockets} in all`);
  return ofAddress >= maxSocketsPerAddress ? tooMany(429, `${maxSocketsPerAddress} of one address`) : null;
}

function tooMany(status: number, expected: string): UpgradeRefusal {
  const message = `sockets: expected at most ${expected}, got more`;
  return { status, code: 'OVERLOADED', message, headers: { 'Retry-After': '1' } };
}
