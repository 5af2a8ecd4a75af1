/**
 * Opens 1,000 WebSockets with a subscription each, of which 100 never read. The server's memory must stay bounded. With
 * `SOAK_SUBSCRIPTIONS=5` each socket has five; more events must not need more memory then.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { WebSocket } from 'ws';

import { residentMb } from '../support/resident-memory';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';

const SOCKETS = 1_000;
const STALLED = 100;
const SUBSCRIPTIONS_PER_SOCKET = Number(process.env.SOAK_SUBSCRIPTIONS ?? 1);
/** Of the first subscription of each socket, and of the second half of the events. */
const MAX_GROWTH_MB = 32;
const AT_ONCE = 50;

/** @param count - Events that each subscription gets. */
export async function run(count: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-sockets-'));
  const server = await startServerProcess(dir, {
    LOG_LEVEL: 'error',
    TIGERQL_MAX_SOCKETS_PER_ADDRESS: String(SOCKETS),
  });
  const sockets: WebSocket[] = [];
  try {
    // The first ones bring code and caches into memory.
    sockets.push(...(await openSome(server, AT_ONCE)));
    await publish(server, count);
    const before = residentMb(server);
    while (sockets.length < SOCKETS) sockets.push(...(await openSome(server, AT_ONCE)));
    const opened = residentMb(server);
    for (const socket of sockets.slice(-STALLED)) socket.pause();
    await publish(server, Math.ceil(count / 2));
    const halfway = residentMb(server);
    await publish(server, Math.floor(count / 2));
    const after = residentMb(server);
    const health = await fetch(`${server.url}/health/live`);
    console.log(
      JSON.stringify({
        sockets: sockets.length,
        subscriptions: SUBSCRIPTIONS_PER_SOCKET * sockets.length,
        stalled: STALLED,
        events: count,
        rssMb: [before, opened, halfway, after],
      }),
    );
    if (!health.ok) throw new Error(`/health/live: expected status 200, got ${health.status}`);
    const growth = SUBSCRIPTIONS_PER_SOCKET === 1 ? after - before : after - halfway;
    if (growth > MAX_GROWTH_MB)
      throw new Error(`memory: expected to grow by at most ${MAX_GROWTH_MB} MB, got ${Math.round(growth)} MB`);
  } finally {
    for (const socket of sockets) socket.terminate();
    await server.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}

function openSome(server: ServerProcess, number: number): Promise<WebSocket[]> {
  return Promise.all(Array.from({ length: number }, () => openOne(server)));
}

async function openOne({ url }: ServerProcess): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  const query = 'subscription { catalogueChanges { version kind itemCount } }';
  for (let id = 1; id <= SUBSCRIPTIONS_PER_SOCKET; id++)
    socket.send(JSON.stringify({ type: 'subscribe', id: String(id), payload: { query } }));
  // A ping is answered after what was sent before it has begun.
  socket.send(JSON.stringify({ type: 'ping' }));
  await once(socket, 'message');
  return socket;
}

/** Changes the catalogue, which each subscription hears of. */
async function publish({ url }: ServerProcess, times: number): Promise<void> {
  const query = 'mutation ($input: AddItemsInput!) { addItems(input: $input) { userErrors { message } } }';
  for (let i = 0; i < times; i++) {
    const item = { externalId: `item-${performance.now()}`, title: 'Item', embedding: [1, 2, 3, i] };
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}` },
      body: JSON.stringify({ query, variables: { input: { items: [item] } } }),
    });
    if (!response.ok) throw new Error(`addItems: expected status 200, got ${response.status}`);
  }
}
