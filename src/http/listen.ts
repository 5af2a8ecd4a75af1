/** Opens the port of a server. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';

import type { Config } from '../config';

/**
 * Connections that wait until the server takes them. When there are more, the system drops the first packet of each,
 * and the client tries again after 1, 3 and 7 seconds: health checks too.
 */
const MAX_BACKLOG = 4096;

/**
 * Longer than proxies keep a quiet connection (nginx and load balancers of clouds: 60 seconds). So the proxy closes it, and not the
 * server: a request could cross the server's close, and a proxy does not repeat a mutation.
 */
const KEEP_ALIVE_MS = 65_000;
/** A connection on which nothing moves for so long is ended, such as that of a client that does not read its answer. */
const IDLE_MS = 300_000;

/** @returns A server with Node's own limits on connections, slow requests and silent clients. */
export function createHttpServer({ requestTimeoutMs, maxConnections }: Config['limits']): Server {
  const options = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Node looks for requests that take too long at intervals; its default, 30 seconds, is too long for short limits.
    connectionsCheckingInterval: Math.min(requestTimeoutMs, 1_000),
    // Some clients, such as Java's, offer HTTP/2 with their first request. Only WebSockets are upgraded.
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
  };
  const server = createServer(options);
  server.maxConnections = maxConnections;
  server.timeout = IDLE_MS;
  return server;
}

/** How long nobody must have come before the port may close, and how long that is waited for. */
const QUIET_MS = 250;
const MAX_WAIT_MS = 3_000;

/** @returns A function that waits until no connection has come for a while: those on their way to this process would be reset. */
export function untilQuiet(server: Server): () => Promise<void> {
  let newest = -Infinity;
  server.on('connection', () => (newest = performance.now()));
  return async () => {
    const begin = performance.now();
    const isQuiet = () => performance.now() - Math.max(begin, newest) >= QUIET_MS;
    while (!isQuiet() && performance.now() - begin < MAX_WAIT_MS) {
      await wait(QUIET_MS / 5);
      await turn(); // a busy event loop comes late to its timers, and first to those: here it takes what waits for it
    }
  };
}

/**
 * Tells early, before anything is loaded, whether the port can be opened.
 *
 * @throws {Error} When it cannot; the message says why and what to do.
 */
export async function checkAddress(config: Config): Promise<void> {
  const probe = createServer();
  await listen(probe, config);
  await new Promise((resolve) => probe.close(resolve));
}

/** @throws {Error} When the port cannot be opened. */
export function listen(server: Server, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = ({ message }: Error) =>
      reject(new Error(`PORT and HOST: expected a port that can be opened, got ${message}; set them to others`));
    server.once('error', fail);
    server.listen({ port, host, backlog: MAX_BACKLOG }, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

/** @returns Such as `http://localhost:4000`. */
export function urlOf(server: Server, { host }: Config): string {
  const { port } = server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
