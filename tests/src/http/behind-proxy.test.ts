/** The nginx of docs/deploy.md in front of a real server, where it is installed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { WebSocket } from 'ws';

import { type RunningServer, startServer } from '../../../src/http/server';
import { PACKAGE_ROOT } from '../../../src/paths';
import { createFakeApp, testConfig } from '../../support/fake-ports';
import { freePort } from '../../support/proxy';
import { temporaryFolder } from '../../support/temporary-folder';

const NAME = 'api.example.com';
const ORIGIN = `https://${NAME}`;
const SETTINGS = { PUBLIC_URL: ORIGIN, TIGERQL_TRUSTED_PROXIES: '127.0.0.1' };

const isInstalled = spawnSync('nginx', ['-v']).error === undefined;
if (!isInstalled) console.log('The example of docs/deploy.md is not tried: nginx is not installed.');

/** @returns The example, with other ports and without TLS, whose certificates are not here. */
function exampleOf(port: number, serverPort: string): string {
  const page = readFileSync(join(PACKAGE_ROOT, 'docs', 'deploy.md'), 'utf8');
  const [, example] = /```nginx\n([^]*?)```/.exec(page)!;
  return example
    .replace('127.0.0.1:4000', `127.0.0.1:${serverPort}`)
    .replace(/listen 443 ssl;/, `listen 127.0.0.1:${port};`)
    .replace(/ *ssl_certificate.*\n/g, '');
}

(isInstalled ? describe : describe.skip)('a server behind nginx', () => {
  let dir: string;
  let server: RunningServer | undefined;
  let proxy: ChildProcess | undefined;
  let port: number;

  async function start(environment: NodeJS.ProcessEnv) {
    server = await startServer(createFakeApp(), testConfig(environment));
    dir = temporaryFolder();
    port = await freePort();
    const path = join(dir, 'config');
    const example = exampleOf(port, new URL(server.url).port);
    writeFileSync(path, `pid nginx.pid; error_log error.log; events {} http { access_log off; ${example} }\n`);
    const args = ['-c', path, '-p', dir, '-e', join(dir, 'error.log'), '-g', 'daemon off;'];
    proxy = spawn('nginx', args, { stdio: 'inherit' });
    await answers(port);
  }
  afterEach(async () => {
    if (proxy) {
      const ended = once(proxy, 'exit');
      proxy.kill();
      await ended;
    }
    await server?.close();
  });

  async function ask(path: string, headers: Record<string, string> = {}) {
    const body = '{"query":"{ __typename }"}';
    const sent = request({
      port,
      host: '127.0.0.1',
      path,
      method: 'POST',
      headers: { host: NAME, 'content-type': 'application/json', ...headers },
    });
    sent.end(body);
    const [response] = await once(sent, 'response');
    return { status: response.statusCode as number, body: await text(response) };
  }

  const socket = (origin: string) =>
    new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', { origin, headers: { host: NAME } });

  it('answers under its public name, over both protocols', async () => {
    await start(SETTINGS);
    expect(await ask('/graphql')).toEqual({ status: 200, body: expect.stringContaining('"__typename":"Query"') });
    for (const path of ['/metrics', '/METRICS', '/metrics/']) expect((await ask(path)).status).toBe(404);
    const own = socket(ORIGIN);
    await once(own, 'open');
    own.send('{"type":"connection_init"}');
    expect(String((await once(own, 'message'))[0])).toContain('connection_ack');
    own.terminate();
    await expect(once(socket('https://evil.example'), 'open')).rejects.toThrow('403');
  });

  it('says what to set when it does not know its public name', async () => {
    await start({ ...SETTINGS, PUBLIC_URL: '' });
    const { status, body } = await ask('/graphql');
    expect([status, body]).toEqual([
      403,
      expect.stringContaining(`set PUBLIC_URL to the server's public origin, such as ${ORIGIN}`),
    ]);
  });

  it('does not believe the address that a client gives itself', async () => {
    await start({ ...SETTINGS, TIGERQL_MAX_CALLER_RATE: '1' });
    const asked = [1, 2, 3, 4].map((n) => ask('/graphql', { 'x-forwarded-for': `9.9.9.${n}` }));
    expect((await Promise.all(asked)).map(({ status }) => status)).toContain(429);
  });
});

/** Resolves when something listens. */
async function answers(port: number): Promise<void> {
  for (;;) {
    const probe = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      probe.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    probe.destroy();
    if (isOpen) return;
    await new Promise(setImmediate);
  }
}
