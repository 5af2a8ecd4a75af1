import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { WebSocket } from 'ws';

import type { Caller } from '../../../graphql/api-key/records';
import { createApp, type TigerApp } from '../../../src/app';
import { watchSockets } from '../../../src/http/open-sockets';
import { type RunningServer, startServer } from '../../../src/http/server';
import { testConfig } from '../../support/fake-ports';
import { testClient } from '../../support/graphql-client';
import { OPERATIONS } from '../../support/operations';

const folder = mkdtempSync(join(tmpdir(), 'tigerql-sockets-'));
const config = testConfig({ DATABASE_URL: `file:${join(folder, 'shop.db')}`, DATA_DIR: folder, LOG_LEVEL: 'silent' });

/** Two servers on one database, as two processes are. */
let apps: TigerApp[];
let servers: RunningServer[];

beforeAll(async () => {
  apps = [await createApp(config), await createApp(config)];
  servers = await Promise.all(apps.map((app) => startServer(app, config)));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

/** @returns An open subscription that has had its first event. */
async function subscribed(server: RunningServer, secret: string) {
  const subscription = testClient(server.url, secret).subscribe(OPERATIONS['catalogue-changes']);
  const app = apps[servers.indexOf(server)];
  let hasEvent = false;
  const first = subscription.next().then(() => (hasEvent = true));
  while (!hasEvent) {
    app.hub.publish('CATALOGUE_CHANGES', { version: 1, kind: 'ITEMS_ADDED', itemCount: 1, changedAt: new Date(0) });
    await Promise.race([first, new Promise((resolve) => setImmediate(resolve))]);
  }
  return subscription;
}

describe('watchSockets', () => {
  afterEach(() => jest.useRealTimers());

  it('closes a socket whose token has ended, also while the keys of others cannot be looked up', async () => {
    jest.useFakeTimers();
    const closed: string[] = [];
    const looks: Record<string, () => Promise<boolean>> = {
      broken: () => Promise.reject(new Error('database away')),
      slow: () => new Promise(() => undefined),
      ended: async () => false,
      current: async () => true,
    };
    const sockets = watchSockets(
      ({ key }) => looks[key!.name](),
      (socket) => socket.close(),
    );
    for (const [id, name] of Object.keys(looks).entries()) {
      const caller: Caller = { role: 'READER', key: { id, name }, userExternalId: null, expiresAt: null };
      sockets.add({ close: () => closed.push(name), once: jest.fn(), readyState: WebSocket.OPEN }, caller);
    }
    await jest.advanceTimersByTimeAsync(500);
    expect(closed).toEqual(['ended']);
    looks.slow = looks.current;
    looks.broken = looks.ended;
    await jest.advanceTimersByTimeAsync(500);
    expect(closed).toEqual(['ended', 'broken', 'ended']);
    sockets.dispose();
  });

  it('does not watch a socket that has closed while its key was looked up', async () => {
    jest.useFakeTimers();
    const isCurrent = jest.fn(async () => true);
    const sockets = watchSockets(isCurrent, (socket) => socket.close());
    const caller: Caller = { role: 'READER', key: { id: 1, name: 'a' }, userExternalId: null, expiresAt: null };
    sockets.add({ close: jest.fn(), once: jest.fn(), readyState: WebSocket.CLOSED }, caller);
    await jest.advanceTimersByTimeAsync(500);
    expect(isCurrent).not.toHaveBeenCalled();
    sockets.dispose();
  });
});

describe('open sockets', () => {
  afterEach(() => jest.restoreAllMocks());

  it('are closed when their key is revoked, in every process, and no others', async () => {
    const [till, other] = [
      await apps[0].apiKeys.create('till', 'READER'),
      await apps[0].apiKeys.create('other', 'READER'),
    ];
    const [mine, foreign, others] = await Promise.all([
      subscribed(servers[0], till.secret),
      subscribed(servers[1], till.secret),
      subscribed(servers[0], other.secret),
    ]);
    await apps[0].apiKeys.revoke(till.id);
    const ended = { code: 4401, reason: expect.stringMatching(/^UNAUTHENTICATED/) };
    expect(await mine.closed).toMatchObject(ended);
    expect(await foreign.closed).toMatchObject(ended);
    apps[0].hub.publish('CATALOGUE_CHANGES', { version: 2, kind: 'ITEMS_ADDED', itemCount: 1, changedAt: new Date(0) });
    expect((await others.next()).data).toBeTruthy();
    await others.dispose();
  });

  it('are closed when their key expires', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000);
    const { secret } = await apps[0].apiKeys.create('short', 'READER', expiresAt);
    const subscription = await subscribed(servers[0], secret);
    jest.spyOn(Date, 'now').mockReturnValue(expiresAt.getTime());
    expect(await subscription.closed).toMatchObject({ code: 4401 });
  });

  it('are closed when the configured admin key is replaced', async () => {
    await apps[0].apiKeys.configure('the-first-secret-01');
    const subscription = await subscribed(servers[0], 'the-first-secret-01');
    await apps[0].apiKeys.configure('the-second-secret-02');
    expect(await subscription.closed).toMatchObject({ code: 4401 });
  });

  it('need no key for the catalogue, and one for users, unless it is set otherwise', async () => {
    const visitor = testClient(servers[0].url);
    (await visitor.execute(OPERATIONS.catalogue)).expectData();
    expect((await visitor.execute(OPERATIONS.shop)).expectErrors()).toEqual(['FORBIDDEN']);
  });

  it('of an admin leave entries in the audit log', async () => {
    const admin = testClient(servers[0].url, 'the-second-secret-02');
    const input = { name: 'till', role: 'WRITER' };
    (await admin.execute(OPERATIONS['create-api-key'], { input })).expectData();
    const { auditLog } = (await admin.execute(OPERATIONS['audit-log'])).expectData();
    expect(auditLog.nodes).toMatchObject([
      { role: 'ADMIN', caller: 'configured', mutation: 'createApiKey', input: JSON.stringify(input), outcome: 'OK' },
    ]);
  });
});
