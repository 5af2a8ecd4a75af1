/** Takes the requests of a port, and refuses those that no route may see. Node would refuse some of them by itself, without a body. */
import {
  createServer,
  type IncomingMessage,
  maxHeaderSize,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';

import type { Config } from '../config';
import { messageOf } from '../message-of';
import { rawError, sendError } from './answers';
import type { App } from './app';
import { answerLive } from './health';
import { Pipelines } from './pipelines';
import { type FormFault, formFault, toOriginForm } from './request-form';

/**
 * Longer than proxies keep a quiet connection (nginx and load balancers of clouds: 60 seconds). So the proxy closes it, and not the
 * server: a request could cross the server's close, and a proxy does not repeat a mutation.
 */
const KEEP_ALIVE_MS = 65_000;

type Limits = Pick<Config['limits'], 'requestTimeoutMs'>;
type Liveness = Pick<App, 'live'>;

/** @returns A server whose requests are to be taken by `takeRequests`. */
export function createHttpServer(limits: Limits): Server {
  return createServer(serverOptions(limits));
}

function serverOptions({ requestTimeoutMs }: Limits) {
  return {
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Node looks for requests that take too long at intervals; its default, 30 seconds, is too long for short limits.
    connectionsCheckingInterval: Math.min(requestTimeoutMs, 1000),
    // `formFault` does.
    requireHostHeader: false,
    // Some clients, such as Java's, offer HTTP/2 with their first request. Only WebSockets are upgraded; Node before 22.21 refuses others.
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
  };
}

/** @param listener - Gets the requests that are well formed. */
export function takeRequests(server: Server, app: Liveness, limits: Limits, listener: RequestListener): void {
  const pipelines = new Pipelines();
  const inTurn = (answer: RequestListener) => (request: IncomingMessage, response: ServerResponse) => {
    if (pipelines.mayCome(request, response)) answer(request, response);
  };
  server.on('request', inTurn(ofGoodForm(app, listener)));
  server.on('checkExpectation', inTurn(refuseExpectation));
  // A client asks for a tunnel to another server. Node would close the connection without a word.
  server.on('connect', (_request, socket) => {
    socket.on('error', () => undefined);
    socket.end(rawError(405, 'method: expected a request to this server, got CONNECT: it is no proxy', ALLOW));
  });
  server.on('clientError', (error, socket) => {
    const { status, message } = readingFault(error, limits);
    if (socket.writable && !pipelines.isAnswering(socket)) socket.write(rawError(status, message));
    socket.destroy(error);
  });
}

const ALLOW = { Allow: 'GET, HEAD, POST, OPTIONS' };

function ofGoodForm(app: Liveness, listener: RequestListener): RequestListener {
  return (request, response) => {
    if (request.url === '/health/live') return answerLive(response, app.live());
    const fault = formFault(request);
    if (fault) return sendError(response, fault.status, 'BAD_REQUEST', fault.message);
    toOriginForm(request);
    listener(request, response);
  };
}

function refuseExpectation({ headers }: IncomingMessage, response: ServerResponse): void {
  const message = `expect: expected 100-continue, got ${JSON.stringify(headers.expect)}`;
  sendError(response, 417, 'BAD_REQUEST', message);
}

/** @param error - Why Node reads no further. */
function readingFault(error: Error & { readonly code?: string }, { requestTimeoutMs }: Limits): FormFault {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, message: `headers: expected at most ${maxHeaderSize} bytes, got more` };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, message: 'body: expected chunks without long extensions, got a long one' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, message: `request: expected all of it within ${requestTimeoutMs} ms, got a part` };
    default:
      return { status: 400, message: `request: expected HTTP/1.1, got one that cannot be read (${messageOf(error)})` };
  }
}
