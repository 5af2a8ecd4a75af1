/** HAProxy with the configuration of deploy/, in front of servers of this machine. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';
import { until } from './until';

export const hasHaproxy = spawnSync('haproxy', ['-v']).status === 0;

/**
 * Resolves when a server is ready behind it.
 *
 * @param dir - For its configuration.
 * @returns Null where HAProxy is not installed.
 */
export async function startProxy(dir: string, port: number, servers: readonly number[]): Promise<ChildProcess | null> {
  if (!hasHaproxy) return null;
  const file = join(dir, 'haproxy.cfg');
  writeFileSync(file, proxyConfig(port, servers));
  const proxy = spawn('haproxy', ['-f', file, '-db'], { stdio: 'ignore' });
  await untilReady(`http://127.0.0.1:${port}`);
  return proxy;
}

/** The configuration of deploy/, with other addresses and without its log. */
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

/** Asks as an orchestrator does. */
export async function untilReady(url: string): Promise<void> {
  const isReady = () =>
    fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until(isReady);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
