/** Opens the port of a server. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Config } from '../config';

/**
 * Connections that wait until the server takes them. When there are more, the system drops the first packet of each,
 * and the client tries again after 1, 3 and 7 seconds: health checks too.
 */
const MAX_BACKLOG = 4096;

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

/** @throws {Error} When the port cannot be opened; the message says why and what to do. */
export function listen(server: Server, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(cannotListen(error, { port, host }));
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

function cannotListen(error: NodeJS.ErrnoException, { port, host }: Pick<Config, 'port' | 'host'>): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(`PORT: expected a free port, got ${port}, which is in use at ${host}; set PORT to another`);
    case 'EACCES':
      return new Error(`PORT: expected a port that this user may open, got ${port}; set PORT to 1024 or higher`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Error(`HOST: expected an address of this machine, got ${host}; set HOST to 0.0.0.0 for all of them`);
    default:
      return error;
  }
}
