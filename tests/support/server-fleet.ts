/** Several servers on one PostgreSQL, behind HAProxy where that is installed; each can be killed and comes back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type PostgresServer, startPostgres } from './postgres';
import { freePort, startProxy } from './proxy';
import { type ServerProcess, startServerProcess } from './server-process';

export interface ServerFleet {
  readonly postgres: PostgresServer;
  /** The URL of each server, whether it runs or not. */
  readonly urls: readonly string[];
  /** Where clients go: the proxy, or without one a server that runs now. */
  entry(): string;
  readonly hasProxy: boolean;
  /** Kills a server as a power cut would, and starts it again. Resolves when it serves. */
  killAndRestart(index: number): Promise<void>;
  dispose(): Promise<void>;
}

export async function startFleet(count: number, env: Readonly<Record<string, string>> = {}): Promise<ServerFleet> {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-fleet-'));
  const postgres = await startPostgres();
  const ports: number[] = [];
  // The system chooses a port at a server's first start, and the server keeps it.
  const start = async (index: number) => {
    const PORT = String(ports[index] ?? 0);
    const server = await startServerProcess(dir, { LOG_LEVEL: 'error', DATABASE_URL: postgres.url, PORT, ...env });
    ports[index] = Number(new URL(server.url).port);
    return server;
  };
  const servers: (ServerProcess | null)[] = [];
  for (let index = 0; index < count; index++) servers.push(await start(index));
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const proxyPort = await freePort();
  const proxy = await startProxy(dir, proxyPort, ports);
  let turn = 0;
  const running = () => urls.filter((_, index) => servers[index] !== null);
  return {
    postgres,
    urls,
    hasProxy: proxy !== null,
    entry: () => (proxy === null ? running()[turn++ % running().length] : `http://127.0.0.1:${proxyPort}`),
    async killAndRestart(index) {
      const server = servers[index];
      servers[index] = null;
      await server?.kill();
      servers[index] = await start(index);
    },
    async dispose() {
      proxy?.kill('SIGKILL');
      await Promise.all(servers.map((server) => server?.kill()));
      await postgres.dispose();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
