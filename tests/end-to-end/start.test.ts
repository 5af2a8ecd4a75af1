/** `npm start`: how it stops. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';
import { temporaryFolder } from '../support/temporary-folder';
import { until } from '../support/until';

let dir: string;

beforeEach(() => (dir = temporaryFolder()));

function environment(changes: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_OPTIONS: undefined,
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_URL: `file:${join(dir, 'shop.db')}`,
    DATA_DIR: dir,
    TIGERQL_DEMO: 'false',
    ...changes,
  };
}

describe('npm start', () => {
  // A terminal's Ctrl-C goes to npm and to the server, and npm passes it on besides. In `npm start | tee log` it ends `tee`, too.
  it.each([
    ['SIGTERM', 'npm alone'],
    ['SIGINT', 'all processes'],
  ] as const)(
    'ends the server cleanly when %s is sent to %s',
    async (signal, receiver) => {
      const npm = spawn('npm', ['start'], { cwd: PACKAGE_ROOT, env: environment({}), detached: true });
      const exited = once(npm, 'exit');
      try {
        const port = await readyPort(npm);
        if (signal === 'SIGINT') for (const stream of [npm.stdout, npm.stderr]) stream.destroy();
        process.kill(receiver === 'npm alone' ? npm.pid! : -npm.pid!, signal);
        const [code] = await exited;
        await until(() => !isGroupAlive(npm.pid!)); // the kernel may take a moment to forget the last process
        expect({ code, isOpen: await isOpen(port) }).toEqual({ code: 0, isOpen: false });
      } finally {
        if (isGroupAlive(npm.pid!)) process.kill(-npm.pid!, 'SIGKILL');
      }
    },
    120_000,
  );
});

async function readyPort(child: ChildProcess): Promise<number> {
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  for (;;) {
    const port = /tigerql is ready at \S+:(\d+)/.exec(output)?.[1];
    if (port !== undefined) return Number(port);
    if (child.exitCode !== null) throw new Error(`npm start: expected it to get ready, got\n${output}`);
    await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')]);
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).once('error', () => resolve(false));
  });
}

function isGroupAlive(leader: number): boolean {
  try {
    process.kill(-leader, 0);
    return true;
  } catch {
    return false;
  }
}
