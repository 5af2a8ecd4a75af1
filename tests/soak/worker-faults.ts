/** The worker threads of a server throw, exit and run out of memory while clients ask. The server lives on and mends itself. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { type TestClient, testClient } from '../support/graphql-client';
import { littleItems } from '../support/little-shop';
import { OPERATIONS } from '../support/operations';
import { ADMIN_KEY, startServerProcess } from '../support/server-process';
import { finishedJob, mutateWith, openTrainedShop } from '../support/trained-shop';

const CLIENTS = 4;
const MENDED_WITHIN_MS = 60_000;
const LIST = { history: ['item-4', 'item-8'], first: 5 };

/** @param count - Seconds with faults. */
export async function run(count: number): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'tigerql-faults-'));
  const outcomes: Record<string, number> = {};
  try {
    await openTrainedShop(dir);
    const until = Date.now() + 1_000 * count;
    const server = await startServerProcess(dir, {
      LOG_LEVEL: 'error',
      // The threads get it too.
      NODE_OPTIONS: `--max-old-space-size=400 --require ${join(__dirname, '..', 'support', 'worker-faults.js')}`,
      FAULTS_UNTIL: String(until),
    });
    const [visitor, admin] = [testClient(server.url), testClient(server.url, ADMIN_KEY)];
    const clients = Array.from({ length: CLIENTS }, () => askUntil(until, visitor, outcomes));
    await Promise.all([...clients, addUntil(until, admin, outcomes), trainUntil(until, admin, outcomes)]);
    const mendedMs = await timeToMend(visitor);
    const deaths = server.output().split('has no live model').length - 1;
    const { code, signal } = await server.stopped();
    console.log(JSON.stringify({ seconds: count, outcomes, modelsLost: deaths, mendedMs, exit: signal ?? code }));
    const wrong = Object.keys(outcomes).filter((outcome) => /INTERNAL|FAILED/.test(outcome));
    if (wrong.length > 0) throw new Error(`answers: expected results or TRY_AGAIN, got ${wrong.join(', ')}`);
    if (code !== 0)
      throw new Error(`server: expected exit code 0, got ${signal ?? code}\n${server.output().slice(-3_000)}`);
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function askUntil(until: number, client: TestClient, outcomes: Record<string, number>): Promise<void> {
  while (Date.now() < until) note(outcomes, `list ${await sourceOf(client)}`);
}

async function addUntil(until: number, client: TestClient, outcomes: Record<string, number>): Promise<void> {
  for (let n = 0; Date.now() < until; n++) {
    const items = [{ ...littleItems()[n % 48], externalId: `new-${n}` }];
    const { data, errors } = await client.execute(OPERATIONS['add-items'], { input: { items } });
    const code = errors[0]?.extensions?.code ?? data?.addItems?.userErrors[0]?.code ?? 'OK';
    note(outcomes, `add ${String(code)}`);
    await setTimeout(100);
  }
}

/** A training goes on after two deaths of its thread; what ends three is taken for its own fault, so this is no error here. */
async function trainUntil(until: number, client: TestClient, outcomes: Record<string, number>): Promise<void> {
  while (Date.now() < until) {
    const { job } = await mutateWith(client)('start-training', { preset: 'tiny' });
    const outcome = await finishedJob(client, job.id).then(
      ({ status }) => String(status),
      (error: Error) => (error.message.includes('expected a reply, got') ? 'THREE_DEATHS' : 'FAILED'),
    );
    note(outcomes, `training ${outcome}`);
  }
}

/** @returns What made the list, or the code of the error. */
async function sourceOf(client: TestClient): Promise<string> {
  const { data, errors } = await client.execute(OPERATIONS['history-recommendations'], LIST);
  return String(errors[0]?.extensions?.code ?? data?.recommendations?.nodes[0]?.source ?? 'EMPTY');
}

function note(outcomes: Record<string, number>, outcome: string): void {
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
}

/** @returns How long popularity answered in place of the model after the last fault. */
async function timeToMend(client: TestClient): Promise<number> {
  const begin = performance.now();
  for (;;) {
    const source = await sourceOf(client);
    const ms = Math.round(performance.now() - begin);
    if (['GENERATED', 'ITEM_HEAD'].includes(source)) return ms;
    if (ms > MENDED_WITHIN_MS) throw new Error(`lists: expected the model to make them again, got ${source}`);
    await setTimeout(200);
  }
}
