/** The built server as a process of its own, on a free port and with a database of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';

export const ADMIN_KEY = 'end-to-end-admin-key';
const READY = /tigerql is ready at (\S+)/;

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** All that it has printed so far, log included. */
  output(): string;
  /** Ends it as an operator would. @returns Its exit code. */
  stop(): Promise<number | null>;
  /** Does the same as `stop`. @returns Its exit code, or the signal that ended it. */
  stopped(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Waits until it has ended by itself. @returns Its exit code. */
  ended(): Promise<number | null>;
  /** Sends it a signal, and does not wait. */
  send(signal: NodeJS.Signals): void;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/**
 * @param dir - Holds database and checkpoints; a second server in the same folder goes on where the first one was.
 * @param root - The package that is started.
 * @throws {Error} With all output, when it ends before it is ready.
 */
export async function startServerProcess(
  dir: string,
  env: Readonly<Record<string, string>> = {},
  root = PACKAGE_ROOT,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(root, 'dist', 'src', 'main.js'), 'serve'], {
    env: {
      ...process.env,
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: `file:${join(dir, 'shop.db')}`,
      DATA_DIR: dir,
      TIGERQL_ADMIN_KEY: ADMIN_KEY,
      TIGERQL_DEMO: 'false',
      TIGERQL_READ_ACCESS: 'open',
      ...env,
    },
  });
  const exited = once(child, 'exit');
  const text = collect(child);
  const url = await readyUrl(child, text);
  return {
    url,
    pid: child.pid as number,
    output: text,
    stop: async () => (await end(child, exited, 'SIGTERM')).code,
    stopped: () => end(child, exited, 'SIGTERM'),
    ended: async () => (await exited)[0] as number | null,
    send: (signal) => void child.kill(signal),
    kill: async () => void (await end(child, exited, 'SIGKILL')),
  };
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}

function readyUrl(child: ChildProcess, text: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', () => {
      const url = READY.exec(text())?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code) =>
      reject(new Error(`server: expected it to get ready, got exit code ${code}\n${text()}`)),
    );
  });
}

async function end(child: ChildProcess, exited: Promise<unknown[]>, sent: NodeJS.Signals) {
  if (child.exitCode === null && child.signalCode === null) child.kill(sent);
  const [code, signal] = await exited;
  return { code: code as number | null, signal: signal as NodeJS.Signals | null };
}
