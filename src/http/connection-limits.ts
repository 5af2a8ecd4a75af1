/** Limits how many connections the port takes: in all, and from one address. */
import type { Server, ServerResponse } from 'node:http';

import { Counts } from '../../models/math/counts';
import type { Config } from '../config';
import { networkOf, plain, proxyCheck } from './caller-address';

/** Closes a connection above the limit at once: it has not asked for anything yet. */
export function limitConnections(server: Server, { limits, trustedProxies }: Config): void {
  const isProxy = proxyCheck(trustedProxies);
  const counts = new Counts();
  server.maxConnections = limits.maxConnections;
  server.on('connection', (socket) => {
    const address = plain(socket.remoteAddress ?? '');
    // The callers behind a proxy share its connections.
    if (isProxy(address)) return;
    const network = networkOf(address);
    if (counts.of(network) >= limits.maxConnectionsPerAddress) return void socket.destroy();
    counts.add(network, 1);
    socket.once('close', () => counts.add(network, -1));
  });
}

/** A client that has stopped reading its answer must not keep its place. */
export function endStalled(response: ServerResponse, { limits: { requestTimeoutMs } }: Config): void {
  response.once('prefinish', () => response.setTimeout(requestTimeoutMs));
}
