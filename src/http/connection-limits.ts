/** Limits how many connections the port takes: in all, and from one address. */
import type { Server, ServerResponse } from 'node:http';

import type { Config } from '../config';
import { networkOf, plain, proxyCheck } from './caller-address';

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
