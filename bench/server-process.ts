/** The server as operators start it, in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { PACKAGE_ROOT } from '../src/paths';
import { shopEnvironment } from './shop-address';

export interface ServerProcess {
  readonly url: string;
  /** From the start of the process to the first 200 of /health/ready. */
  readonly readyMs: number;
  /** Resident memory now. */
  rssMb(): Promise<number>;
  stop(): Promise<void>;
}

const POLL_MS = 5;

/** @throws {Error} When the server ends before it is ready. */
export async function startServerProcess(shopDir: string): Promise<ServerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const begin = performance.now();
  const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist', 'src', 'main.js'), 'serve'], {
    env: { ...process.env, ...shopEnvironment(shopDir, port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`server: expected it to get ready, got exit code ${child.exitCode}`);
    await pause(POLL_MS);
  }
  const readyMs = performance.now() - begin;
  return { url, readyMs, rssMb: () => rssOf(child), stop: () => stop(child) };
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** From /proc, so on Linux only. */
async function rssOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

async function stop(child: ChildProcess): Promise<void> {
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
