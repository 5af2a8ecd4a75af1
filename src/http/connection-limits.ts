/** Limits how many connections the port takes: in all, and from one address. Limits what one connection may ask at the same time. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { Config } from '../config';
import { errorText, JSON_TYPE, sendError } from './answers';
import { networkOf, plain, proxyCheck } from './caller-address';

/** One packet has room for a thousand requests, and each answer that waits for the former ones takes memory. */
const MAX_PIPELINED = 16;

/** Closes a connection above the limit at once: it has not asked for anything yet. */
export function limitConnections(server: Server, { limits, trustedProxies }: Config): void {
  const isProxy = proxyCheck(trustedProxies);
  const counts = new CountsByKey(limits.maxConnectionsPerAddress);
  server.maxConnections = limits.maxConnections;
  server.on('connection', (socket) => {
    const address = plain(socket.remoteAddress ?? '');
    // The callers behind a proxy share its connections.
    if (isProxy(address)) return;
    const network = networkOf(address);
    if (!counts.add(network)) return void socket.destroy();
    socket.once('close', () => counts.remove(network));
  });
}

/**
 * @returns Whether the request may be answered. If not, the first such request of its connection gets a refusal, in its turn, and the
 *   connection ends.
 */
export function limitPipelining(): (request: IncomingMessage, response: ServerResponse) => boolean {
  const pipelines = new WeakMap<Socket, Pipeline>();
  const watch = (socket: Socket) => {
    const pipeline: Pipeline = { unanswered: new Set(), bytesRead: null };
    pipelines.set(socket, pipeline);
    socket.once('close', () => setImmediate(() => closeAll(pipeline.unanswered)));
    return pipeline;
  };
  return ({ socket }, response) => {
    const pipeline = pipelines.get(socket) ?? watch(socket);
    if (pipeline.bytesRead !== null) return passOver(socket, pipeline.bytesRead);
    const { unanswered } = pipeline;
    const mayCome = unanswered.size < MAX_PIPELINED;
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
    if (!mayCome) pipeline.bytesRead = refuseMore(socket, response);
    return mayCome;
  };
}

/** What one connection has asked. */
interface Pipeline {
  readonly unanswered: Set<ServerResponse>;
  /** The bytes that had come when too many requests waited; null: not too many did. */
  bytesRead: number | null;
}

function refuseMore(socket: Socket, response: ServerResponse): number {
  const message = `connection: expected at most ${MAX_PIPELINED} requests that wait for their answers, got more`;
  response.setHeader('connection', 'close');
  sendError(response, 429, 'TOO_MANY_OPERATIONS', message);
  socket.pause();
  return socket.bytesRead;
}

/** What came in the same packet is not answered. A client that goes on sending would fill the memory. */
function passOver(socket: Socket, bytesRead: number): false {
  if (socket.bytesRead > bytesRead) socket.destroy();
  return false;
}

/** A client asks for a tunnel to another server. Node would close the connection without a word. */
export function refuseTunnels(server: Server): void {
  server.on('connect', (_request, socket) => {
    const body = errorText('BAD_REQUEST', 'method: expected a request to this server, got CONNECT: it is no proxy');
    const head = `HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD, POST, OPTIONS\r\nConnection: close\r\n`;
    socket.on('error', () => undefined);
    socket.end(`${head}Content-Type: ${JSON_TYPE}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  });
}

/** Node tells the response that is being sent that its connection has closed, but not those behind it. */
function closeAll(unanswered: ReadonlySet<ServerResponse>): void {
  for (const response of unanswered) response.destroy().emit('close');
}

/** A client that has stopped reading its answer must not keep its place. */
export function endStalled(response: ServerResponse, { limits: { requestTimeoutMs } }: Config): void {
  response.once('prefinish', () => response.setTimeout(requestTimeoutMs));
}

/** Counts what each key holds. */
export class CountsByKey {
  private readonly counts = new Map<string, number>();

  constructor(private readonly max: number) {}

  isFull(key: string): boolean {
    return (this.counts.get(key) ?? 0) >= this.max;
  }

  /** @returns False when the key holds as many as it may. */
  add(key: string): boolean {
    if (this.isFull(key)) return false;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    return true;
  }

  remove(key: string): void {
    const count = this.counts.get(key) ?? 0;
    if (count <= 1) this.counts.delete(key);
    else this.counts.set(key, count - 1);
  }
}
