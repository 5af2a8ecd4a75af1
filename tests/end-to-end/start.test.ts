/** `npm start` and the compiled program: how they stop, and what they say when they cannot start. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { PACKAGE_ROOT } from '../../src/paths';
import { temporaryFolder } from '../support/temporary-folder';
import { until } from '../support/until';

const PROGRAM = join(PACKAGE_ROOT, 'dist', 'src', 'main.js');
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

describe('tigerql serve', () => {
  async function serve(changes: NodeJS.ProcessEnv) {
    const child = spawn(process.execPath, [PROGRAM, 'serve'], { env: environment(changes) });
    const exited = once(child, 'exit').finally(() => clearTimeout(limit));
    const limit = setTimeout(() => child.kill('SIGKILL'), 200_000); // then the code is null
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
    return { code, stdout, stderr };
  }

  async function expectOneLine(result: Promise<{ code: number; stdout: string; stderr: string }>, line: string) {
    expect(await result).toEqual({ code: 1, stdout: '', stderr: `tigerql: ${line}\n` });
  }

  it('says that the port is taken', async () => {
    const other = await openPort();
    const { port } = other.address() as AddressInfo;
    await expectOneLine(
      serve({ PORT: String(port), TIGERQL_DEMO: 'true' }),
      `PORT and HOST: expected a port that can be opened, got listen EADDRINUSE: address already in use 127.0.0.1:${port}; set them to others`,
    );
    other.close();
  });

  // Made by whatever lies in the way, since root may write where permissions forbid it.
  it.each(['DATA_DIR', 'DATABASE_URL'])('says that the folder of %s cannot be written', async (setting) => {
    const folder = join(dir, 'file');
    writeFileSync(folder, '');
    const value = setting === 'DATA_DIR' ? folder : `file:${join(folder, 'shop.db')}`;
    await expectOneLine(
      serve({ [setting]: value }),
      `${setting}: expected a folder that can be written, got ${folder} (${folder} is a file); set ${setting} to another, or let this user write there`,
    );
  });

  it('says that the database does not answer, or is none', async () => {
    await expectOneLine(
      serve({ DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/shop' }),
      'PostgreSQL postgresql://me:…@127.0.0.1:1/shop: expected a server that answers (see DATABASE_URL), got connect ECONNREFUSED 127.0.0.1:1',
    );
    const file = join(dir, 'shop.db');
    writeFileSync(file, 'not a database '.repeat(100));
    await expectOneLine(
      serve({}),
      `SQLite file ${file}: expected a database that can be written (see DATABASE_URL), got file is not a database`,
    );
  });
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

async function openPort(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
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
