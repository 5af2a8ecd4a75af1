/** Hostile operations against a real server, over HTTP and WebSocket: none may crash it, and none may be its fault. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { WebSocket } from 'ws';

import { buildTigerSchema } from '../../graphql/schema';
import { testClient } from '../support/graphql-client';
import { HostileOperations, randomNumbers } from '../support/hostile-operations';
import { interimFigures, soakSeed } from '../support/interim-figures';
import { littleItems } from '../support/little-shop';
import { OPERATIONS } from '../support/operations';
import { openTestPostgres } from '../support/postgres';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';

const CLIENTS = 4;
const SLOW_MS = 1_000;
const SHOWN_FAILURES = 5;
/** A subscription does not end, so that no answer to it is waited for. */
const PATIENCE_MS = 300;
/** The longest text that still fits into a message of a socket. */
const MAX_FRAME_CHARACTERS = 60_000;

interface Figures {
  queries: number;
  internal: number;
  above1s: number;
  readonly outcomes: Record<string, number>;
  readonly failures: string[];
  readonly slow: string[];
}

/**
 * @param count - Operations for each database. `SOAK_SEED` chooses others, `FUZZ_DATABASE=sqlite` or
 * `postgresql` one database.
 * @throws {Error} When an answer was INTERNAL_SERVER_ERROR, or the server ended.
 */
export async function run(count: number): Promise<void> {
  const only = process.env.FUZZ_DATABASE;
  if (only !== 'postgresql') await fuzz('sqlite', count, {});
  if (only === 'sqlite') return;
  const postgres = await openTestPostgres();
  try {
    await fuzz('postgresql', count, { DATABASE_URL: postgres.url });
  } finally {
    await postgres.dispose();
  }
}

async function fuzz(database: string, count: number, env: Record<string, string>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'tigerql-fuzz-'));
  const seed = soakSeed();
  const tell = interimFigures();
  const server = await startServerProcess(dir, { LOG_LEVEL: 'error', ...env });
  const figures: Figures = { queries: 0, internal: 0, above1s: 0, outcomes: {}, failures: [], slow: [] };
  let exit: number | null = null;
  try {
    await testClient(server.url, ADMIN_KEY).execute(OPERATIONS['upsert-items'], { input: { items: littleItems() } });
    const clients = Array.from({ length: CLIENTS }, (_, client) =>
      askMany(server, Math.ceil(count / CLIENTS), seed * 1_000 + client, figures, tell),
    );
    await Promise.all(clients);
    const alive = await fetch(`${server.url}/health/live`);
    if (!alive.ok) throw new Error(`health: expected 200, got ${alive.status}`);
  } finally {
    exit = await server.stop();
    const { failures, slow, ...rest } = figures;
    console.log(JSON.stringify({ database, seed, ...rest, exit }));
    for (const failure of failures) console.log(failure);
    for (const request of slow) console.log(`above 1 s: ${request}`);
    if (figures.internal > 0) console.log(server.output().slice(0, 6_000));
    await rm(dir, { recursive: true });
  }
  if (exit !== 0) throw new Error(`server: expected exit code 0, got ${exit}`);
  if (figures.internal > 0) throw new Error(`INTERNAL_SERVER_ERROR: expected none, got ${figures.internal}`);
}

async function askMany(
  { url }: ServerProcess,
  count: number,
  seed: number,
  figures: Figures,
  tell: (figures: object) => void,
): Promise<void> {
  const operations = new HostileOperations(buildTigerSchema(), randomNumbers(seed));
  let socket = await openSocket(url);
  for (let i = 0; i < count; i++) {
    const { kind, ...request } = operations.next();
    const text = JSON.stringify(request);
    const overSocket = (kind === 'subscription' || operations.chance(0.4)) && text.length < MAX_FRAME_CHARACTERS;
    const begin = performance.now();
    if (overSocket && socket.readyState !== WebSocket.OPEN) socket = await openSocket(url);
    const answer = overSocket ? await overWebSocket(socket, String(i), request, kind) : await overHttp(url, text);
    const ms = Math.round(performance.now() - begin);
    if (ms > SLOW_MS) {
      figures.above1s++;
      const load = loadavg()[0].toFixed(1);
      if (figures.slow.length < SHOWN_FAILURES) figures.slow.push(`${ms} ms at load ${load}: ${text.slice(0, 700)}`);
    }
    figures.queries++;
    note(answer, text, figures);
    tell({ queries: figures.queries, internal: figures.internal, above1s: figures.above1s });
  }
  socket.terminate();
}

function note(answer: string, request: string, figures: Figures): void {
  const codes = [...answer.matchAll(/"code":"([A-Z_]+)"/g)].map(([, code]) => code);
  const outcome = codes.includes('INTERNAL_SERVER_ERROR') ? 'INTERNAL_SERVER_ERROR' : (codes[0] ?? 'answered');
  figures.outcomes[outcome] = (figures.outcomes[outcome] ?? 0) + 1;
  if (outcome !== 'INTERNAL_SERVER_ERROR') return;
  figures.internal++;
  if (figures.failures.length < SHOWN_FAILURES)
    figures.failures.push(`${request.slice(0, 1_500)}\n→ ${answer.slice(0, 500)}`);
}

async function overHttp(url: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}` };
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).text();
}

async function openSocket(url: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.setMaxListeners(0);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${ADMIN_KEY}` } }));
  await once(socket, 'message');
  return socket;
}

/** @returns What came for this operation; a close code when the socket was closed. */
function overWebSocket(socket: WebSocket, id: string, payload: object, kind: string): Promise<string> {
  return new Promise((resolve) => {
    const timer = kind === 'subscription' ? setTimeout(() => end('{"open":true}'), PATIENCE_MS) : undefined;
    const onMessage = (data: unknown) => {
      const text = String(data);
      if ((JSON.parse(text) as { id?: string }).id === id) end(text);
    };
    const onClose = (code: number) => end(`{"code":"${code >= 4500 ? 'INTERNAL_SERVER_ERROR' : 'CLOSED'}"}`);
    const end = (text: string) => {
      clearTimeout(timer);
      socket.off('message', onMessage).off('close', onClose);
      if (kind === 'subscription' && socket.readyState === WebSocket.OPEN)
        socket.send(JSON.stringify({ type: 'complete', id }));
      resolve(text);
    };
    socket.on('message', onMessage).on('close', onClose);
    socket.send(JSON.stringify({ type: 'subscribe', id, payload }));
  });
}
