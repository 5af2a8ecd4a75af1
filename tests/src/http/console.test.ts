import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import express from 'express';

import { onlyFor } from '../../../src/http/access';
import { consoleRoutes } from '../../../src/http/console';
import { startServer, type RunningServer } from '../../../src/http/server';
import { createFakeApp, testConfig } from '../../support/fake-ports';
import { temporaryFolder } from '../../support/temporary-folder';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer(createFakeApp(), testConfig());
});
afterAll(() => server.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });

async function scriptPath(): Promise<string> {
  const html = await (await get('/')).text();
  return /src="(\/assets\/[^"]+\.js)"/.exec(html)![1];
}

describe('staticFiles', () => {
  it('answers every address that a browser opens with the page, and no address that a program asks for', async () => {
    const opened = await get('/items/a%2Fb?q=x', { accept: 'text/html,*/*' });
    expect([opened.status, opened.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    expect(await opened.text()).toContain('<div id="root">');
    expect((await get('/items')).status).toBe(404);
    expect((await get('/assets/none.js', { accept: 'text/html' })).status).toBe(404);
  });

  it('admits styles by a nonce that no two answers share, and scripts from here alone', async () => {
    const pages = await Promise.all([get('/'), get('/')]);
    const policies = pages.map(({ headers }) => headers.get('content-security-policy') ?? '');
    const nonces = policies.map((policy) => /style-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1]);
    expect(nonces[0]).toHaveLength(24);
    expect(nonces[0]).not.toBe(nonces[1]);
    expect(policies[0]).toContain("script-src 'self';");
    expect(await pages[0].text()).toContain(`nonce="${nonces[0]}"`);
  });

  it('sends assets compressed as the browser reads them, to be kept for ever', async () => {
    const path = await scriptPath();
    for (const encoding of ['br', 'gzip', null]) {
      const { headers, body } = await get(path, { 'accept-encoding': encoding ?? 'identity' });
      await body?.cancel(); // otherwise the server waits for its reader when it closes
      expect(headers.get('content-encoding')).toBe(encoding);
      expect(headers.get('content-type')).toMatch(/javascript/);
      expect(headers.get('cache-control')).toContain('immutable');
    }
  });
});

describe('the page while the console is not there', () => {
  let dist: string;
  let little: Server;
  beforeEach(async () => {
    dist = temporaryFolder();
    const app = createFakeApp();
    little = createServer(express().use(consoleRoutes(app.schema, onlyFor(app), dist))).listen(0);
    await once(little, 'listening');
  });
  afterEach(() => little.close());

  const open = async () => {
    const { port } = little.address() as AddressInfo;
    const response = await fetch(`http://localhost:${port}/items`, { headers: { accept: 'text/html' } });
    return { status: response.status, text: await response.text() };
  };

  it('says what to run, looks again by itself, and shows the console as soon as it is there', async () => {
    const { status, text } = await open();
    expect(status).toBe(503);
    expect(text).toContain('npm run build');
    expect(text).toContain('<meta http-equiv="refresh"');
    await writeFile(join(dist, 'index.html'), 'the console');
    expect(await open()).toEqual({ status: 200, text: 'the console' });
  });
});
