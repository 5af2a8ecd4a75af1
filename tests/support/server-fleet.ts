/** Several servers on one PostgreSQL, behind HAProxy where that is installed; each can be killed and comes back. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { PACKAGE_ROOT } from '../../src/paths';
import { type PostgresServer, startPostgres } from './postgres';
import { type ServerProcess, startServerProcess } from './server-process';

export interface ServerFleet {
  readonly postgres: PostgresServer;
  /** Of each server, whether it runs or not. */
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
  for (let n = 0; n <= count; n++) ports.push(await freePort());
  const start = (index: number) =>
    startServerProcess(dir, { LOG_LEVEL: 'error', DATABASE_URL: postgres.url, PORT: String(ports[index]), ...env });
  const servers: (ServerProcess | null)[] = [];
  for (let index = 0; index < count; index++) servers.push(await start(index));
  const urls = ports.slice(0, count).map((port) => `http://127.0.0.1:${port}`);
  const proxy = startProxy(dir, ports[count], ports.slice(0, count));
  if (proxy !== null) await untilOpen(ports[count]);
  let turn = 0;
  const running = () => urls.filter((_, index) => servers[index] !== null);
  return {
    postgres,
    urls,
    hasProxy: proxy !== null,
    entry: () => (proxy === null ? running()[turn++ % running().length] : `http://127.0.0.1:${ports[count]}`),
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

/** @returns Null where HAProxy is not installed. */
function startProxy(dir: string, port: number, servers: readonly number[]): ChildProcess | null {
  try {
    execFileSync('haproxy', ['-v'], { stdio: 'ignore' });
  } catch {
    return null;
  }
  const file = join(dir, 'haproxy.cfg');
  writeFileSync(file, proxyConfig(port, servers));
  return spawn('haproxy', ['-f', file, '-db'], { stdio: 'ignore' });
}

/** That of deploy/, with other addresses and without its log. */
function proxyConfig(port: number, servers: readonly number[]): string {
  const lines = servers.map((each, n) => `  server s${n} 127.0.0.1:${each}`);
  return readFileSync(join(PACKAGE_ROOT, 'deploy', 'haproxy.cfg'), 'utf8')
    .replace(/^resolvers .*\n(?: {2}.*\n)*/m, '')
    .replace(' resolvers docker init-addr none', '')
    .replace(/^ {2}(?:log|option httplog).*\n/gm, '')
    .replace(/maxconn \d+/, 'maxconn 1000') // as many files as a test may open
    .replace('bind :8080', `bind 127.0.0.1:${port}`)
    .replace(/^ {2}server-template .*/m, lines.join('\n'));
}

async function untilOpen(port: number): Promise<void> {
  for (;;) {
    const status = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await setTimeout(100);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
