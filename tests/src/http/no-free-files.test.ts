/** A server of which clients have opened so many connections that it can open no file any more. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openRaw } from '../../support/raw-connection';
import { startServerProcess } from '../../support/server-process';

const BODY = '{"query":"{ __typename }"}';
const onLinux = process.platform === 'linux' ? it : it.skip;

describe('a server without a free file', () => {
  onLinux('reads the first body that comes all the same', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'tigerql-files-'));
    const server = await startServerProcess(dir);
    const { host } = new URL(server.url);
    const { socket, until } = openRaw(server.url);
    socket.write(`GET /health/live HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await until((text) => text.includes('200 OK'));
    execFileSync('prlimit', ['--pid', String(server.pid), '--nofile=8:']);
    const type = 'Content-Type: application/json';
    socket.write(`POST /graphql HTTP/1.1\r\nHost: ${host}\r\n${type}\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`);
    expect(await until((text) => text.includes('__typename') || text.includes('errors'))).toContain(
      '{"data":{"__typename":"Query"}}',
    );
    execFileSync('prlimit', ['--pid', String(server.pid), '--nofile=4096:']);
    socket.destroy();
    expect(await server.stop()).toBe(0);
    await rm(dir, { recursive: true });
  });
});
