import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';

import { startServer, startTrainerServer, type RunningServer } from '../../../src/http/server';
import { createFakeApp, type FakeApp, testConfig } from '../../support/fake-ports';
import { testClient } from '../../support/graphql-client';
import { OPERATIONS } from '../../support/operations';

let app: FakeApp;
let server: RunningServer;

async function start(settings: Parameters<typeof testConfig>[0] = {}) {
  app = createFakeApp();
  server = await startServer(app, testConfig(settings));
  return testClient(server.url);
}
afterEach(() => server.close());

describe('the console', () => {
  it('is a page that loads nothing from other servers', async () => {
    await start();
    const page = await fetch(server.url);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).not.toMatch(/https?:\/\/|<script>|style=/);
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link);
    const statuses = await Promise.all(links.map(async (link) => (await fetch(`${server.url}/${link}`)).status));
    expect(statuses).toEqual(links.map(() => 200));
    const operations = (await (await fetch(`${server.url}/operations`)).json()) as { name: string }[];
    expect(operations.map(({ name }) => name)).toEqual(Object.keys(OPERATIONS).sort());
  });
});

describe('the pictures of items', () => {
  it('come from the servers alone that the setting names', async () => {
    const policy = async (settings: Parameters<typeof start>[0]) => {
      await start(settings);
      return (await fetch(server.url)).headers.get('content-security-policy');
    };
    expect(await policy({})).toMatch(/img-src 'self';/);
    await server.close();
    expect(await policy({ TIGERQL_IMAGE_ORIGINS: 'https://cdn.shop.example' })).toMatch(
      /img-src 'self' https:\/\/cdn.shop.example;/,
    );
  });
});

describe('startServer', () => {
  it('refuses a port that is taken, and disposes of the app', async () => {
    await start();
    const port = new URL(server.url).port;
    const second = createFakeApp();
    await expect(startServer(second, testConfig({ PORT: port }))).rejects.toThrow(/EADDRINUSE/);
    expect([second.isStarted(), second.isDisposed()]).toEqual([false, true]);
    expect(app.isStarted()).toBe(true);
  });

  it('closes the port again when the app cannot start', async () => {
    await start();
    const broken = createFakeApp();
    broken.start = () => Promise.reject(new Error('jobs: expected a table, got none'));
    await expect(startServer(broken, testConfig())).rejects.toThrow('jobs: expected a table');
    expect(broken.isDisposed()).toBe(true);
  });

  it('lets a running request finish when it is closed, then disposes of the app', async () => {
    const client = await start();
    let onAsked: () => void;
    let answer: () => void;
    const asked = new Promise<void>((resolve) => (onAsked = resolve));
    const slow = app.services.catalogue.version;
    app.services.catalogue.version = async () => {
      onAsked();
      await new Promise<void>((resolve) => (answer = resolve));
      expect(app.isDisposed()).toBe(false);
      return slow();
    };
    const running = client.execute('{ catalogue { version } }');
    await asked;
    const closed = Promise.all([server.close(), server.close()]);
    await refusesConnections(server.url);
    answer!();
    expect((await running).expectData()).toEqual({ catalogue: { version: 7 } });
    await closed;
    expect(app.isDisposed()).toBe(true);
  });
});

describe('startTrainerServer', () => {
  async function startTrainer(callerOf: () => Promise<{ role: 'READER' }>, environment: NodeJS.ProcessEnv = {}) {
    app = createFakeApp();
    server = await startTrainerServer({ ...app, callerOf }, testConfig(environment));
  }

  it('answers health by any name, and metrics by its own alone', async () => {
    await startTrainer(async () => ({ role: 'READER' }));
    const statusBy = async (host: string, path: string) => (await get(path, { host })).status;
    const statuses = (path: string) =>
      Promise.all(['10.0.0.7:4000', 'trainer', 'evil.example'].map((host) => statusBy(host, path)));
    expect(await statuses('/metrics')).toEqual([200, 200, 403]);
    expect(await statuses('/health/ready')).toEqual([200, 200, 200]);
  });

  it('ends what is still connected when it is closed', async () => {
    await startTrainer(async () => ({ role: 'READER' }));
    const { port } = new URL(server.url);
    const sockets = await Promise.all(
      ['', 'GET /metrics HTTP/1.1\r\nhost: '].map(async (begun) => {
        const socket = connect(Number(port), 'localhost').resume();
        await once(socket, 'connect');
        if (begun !== '') socket.write(begun);
        return socket;
      }),
    );
    await get('/health/live');
    const ended = sockets.map((socket) => once(socket, 'close'));
    await server.close();
    await Promise.all(ended);
  });
});

/** fetch sets a Host of its own. */
function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${server.url}${path}`, { headers }, (response) => {
      let text = '';
      response.on('data', (data) => (text += data));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject).end();
  });
}

/** Tries until nothing listens any more. */
async function refusesConnections(url: string): Promise<void> {
  for (;;) {
    const isRefused = await new Promise<boolean>((resolve) => {
      const request = httpRequest(`${url}/health/live`, { agent: false }, (response) => {
        response.resume();
        resolve(false);
      });
      request.on('error', () => resolve(true));
      request.end();
    });
    if (isRefused) return;
  }
}
