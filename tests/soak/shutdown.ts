/**
 * A server is stopped while it trains and while clients wait for lists: it ends with exit code 0, and the training goes on at
 * the next start.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { testClient } from '../support/graphql-client';
import { OPERATIONS } from '../support/operations';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';
import { mutateWith, openTrainedShop, withServer } from '../support/trained-shop';

/** Running requests get no time: what runs then is the hardest to stop. */
const NO_GRACE = { TIGERQL_SHUTDOWN_GRACE_MS: '1', LOG_LEVEL: 'warn' };
const CLIENTS = 16;

/** @param count - Stops. */
export async function run(count: number): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'tigerql-shutdown-'));
  const exits = new Map<string, number>();
  const times: number[] = [];
  try {
    await openTrainedShop(dir);
    await withServer(dir, (admin) => mutateWith(admin)('start-training', { preset: 'base' }));
    for (let n = 0; n < count; n++) {
      const server = await startServerProcess(dir, NO_GRACE);
      const asking = Promise.all(Array.from({ length: CLIENTS }, () => askUntilClosed(server)));
      await setTimeout(300 + 100 * (n % 10));
      const begin = performance.now();
      const { code, signal } = await server.stopped();
      times.push(performance.now() - begin);
      const exit = signal ?? `exit ${code}`;
      exits.set(exit, (exits.get(exit) ?? 0) + 1);
      if (exit !== 'exit 0') console.log(`${exit}\n${server.output().slice(-2_000)}`);
      await asking;
    }
    const status = await statusOfNewest(dir);
    console.log(
      JSON.stringify({ stops: count, exits: Object.fromEntries(exits), status, slowestStopMs: Math.max(...times) }),
    );
    if (exits.get('exit 0') !== count) throw new Error('shutdown: expected exit code 0 after each stop');
    if (status !== 'RUNNING') throw new Error(`shutdown: expected a training that goes on, got ${status}`);
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function askUntilClosed({ url }: ServerProcess): Promise<void> {
  const visitor = testClient(url);
  for (;;) {
    try {
      await visitor.execute(OPERATIONS['history-recommendations'], { history: ['item-4', 'item-8'], first: 10 });
    } catch {
      return;
    }
  }
}

async function statusOfNewest(dir: string): Promise<string> {
  const server = await startServerProcess(dir);
  const data = (
    await testClient(server.url, ADMIN_KEY).execute('{ trainingJobs(first: 1) { nodes { status } } }')
  ).expectData();
  await server.stop();
  return data.trainingJobs.nodes[0].status;
}
