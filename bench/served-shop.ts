/** A server on a shop of the bench: in this process, or in a process of its own as operators start it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { createApp, type TigerApp } from '../src/app';
import { readConfig, type Config } from '../src/config';
import { startServer } from '../src/http/server';
import { PACKAGE_ROOT } from '../src/paths';
import { shopEnvironment } from './shop-address';

export interface ServedShop {
  readonly url: string;
  readonly app: TigerApp;
  readonly config: Config;
}

export interface ServerProcess {
  readonly url: string;
  /** From the start of the process to the first answer 200 of /health/ready. */
  readonly readyMs: number;
  /** Resident memory now. */
  rssMb(): Promise<number>;
}

const POLL_MS = 5;

/** Serves the shop from this process while `work` runs. */
export async function withServer<T>(shopDir: string, work: (shop: ServedShop) => Promise<T>): Promise<T> {
  const config = readConfig(shopEnvironment(shopDir));
  const app = await createApp(config);
  const server = await startServer(app, config);
  try {
    return await work({ url: server.url, app, config });
  } finally {
    await server.close();
  }
}

/**
 * Serves the shop from a process of its own while `work` runs.
 *
 * @throws {Error} When the server ends before it is ready.
 */
export async function withServerProcess<T>(shopDir: string, work: (server: ServerProcess) => Promise<T>): Promise<T> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const begin = performance.now();
  const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist', 'src', 'main.js'), 'serve'], {
    env: { ...process.env, ...shopEnvironment(shopDir, port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await untilReady(url, child);
    const readyMs = performance.now() - begin;
    return await work({ url, readyMs, rssMb: () => rssOf(child) });
  } finally {
    await stop(child);
  }
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`server: expected it to get ready, got exit code ${child.exitCode}`);
    await pause(POLL_MS);
  }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Reads /proc, so it works on Linux only. */
async function rssOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
