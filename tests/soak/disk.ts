/** A disk that is full, or breaks: the server says so, loses nothing that it has acknowledged, and goes on when the disk does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Libsql from 'libsql';

import { testClient } from '../support/graphql-client';
import { littleInteractions, littleItems } from '../support/little-shop';
import { OPERATIONS } from '../support/operations';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';
import { fill, onDisk, openBreakableDisk, whyNoDisk } from '../support/small-disk';
import { finishedJob, mutateWith } from '../support/trained-shop';

const SIZE = '48m';
const PATIENCE_MS = 60_000;
const SETTINGS = { LOG_LEVEL: 'warn' };

/** @param count - Rounds. */
export async function run(count: number): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'tigerql-disk-'));
  const reason = whyNoDisk(root);
  if (reason !== null) {
    console.log(JSON.stringify({ skipped: `disk: expected a user that may mount a small disk, got ${reason}` }));
    return;
  }
  try {
    for (let round = 0; round < count; round++) {
      await onDisk(root, SIZE, async (dir) => {
        console.log(JSON.stringify({ round, ...(await whileFull(dir)) }));
      });
    }
    console.log(JSON.stringify({ broken: await whileBroken(root) }));
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Writes numbered events until one is refused. @returns How many were acknowledged. */
async function writeUntilRefused(server: ServerProcess, from: number, most = Infinity): Promise<number> {
  for (let n = from; n < from + most; n++) if (!(await record(server, n))) return n;
  return from + most;
}

async function record({ url }: ServerProcess, n: number): Promise<boolean> {
  const event = {
    user: { externalId: `user-${n % 50}` },
    item: { externalId: `item-${n % 48}` },
    eventId: `event/${n}`,
  };
  const input = { interactions: [event] };
  const { errors } = await testClient(url, ADMIN_KEY).execute(OPERATIONS['record-interactions'], { input });
  const code = errors[0]?.extensions?.code ?? null;
  if (code !== null && code !== 'DATABASE_UNAVAILABLE')
    throw new Error(`event ${n}: expected DATABASE_UNAVAILABLE, got ${String(code)}`);
  return code === null;
}

async function whileFull(dir: string) {
  const server = await startServerProcess(dir, SETTINGS);
  try {
    await addShop(server);
    const before = await writeUntilRefused(server, 0, 100);
    const job = await startTraining(server);
    fill(join(dir, 'filler'));
    const acknowledged = await writeUntilRefused(server, before);
    const refusals = [await record(server, acknowledged), await record(server, acknowledged)];
    const reading = await testClient(server.url).execute('{ items(first: 5) { nodes { title } } }');
    const live = (await fetch(`${server.url}/health/live`)).status;
    expectAll({
      refused: refusals.every((isStored) => !isStored),
      reading: reading.errors.length === 0,
      live: live === 200,
    });
    await until(() => server.output().includes('The training waits.'), 'the training to wait');
    const says = /disk is full|ENOSPC|no space left/i.exec(server.output())?.[0] ?? null;
    rmSync(join(dir, 'filler'));
    const after = await writeUntilRefused(server, acknowledged, 100);
    const { status } = await finishedJob(testClient(server.url, ADMIN_KEY), job);
    const exit = await server.stop();
    const events = numEvents(dir) - littleInteractions().length;
    expectAll({ says: says !== null, after: after === acknowledged + 100, events: events === after, exit: exit === 0 });
    return { acknowledged, events, says, training: status, exit };
  } catch (error) {
    console.log(server.output().slice(-4_000));
    throw error;
  } finally {
    await server.kill();
  }
}

async function addShop({ url }: ServerProcess): Promise<void> {
  const mutate = mutateWith(testClient(url, ADMIN_KEY));
  await mutate('upsert-items', { items: littleItems() });
  await mutate('record-interactions', { interactions: littleInteractions() });
}

/** @returns The id of the job, which is under way by then. */
async function startTraining({ url }: ServerProcess): Promise<string> {
  const admin = testClient(url, ADMIN_KEY);
  const { job } = await mutateWith(admin)('start-training', { preset: 'TINY' });
  await until(async () => {
    const { trainingJob } = (await admin.execute(OPERATIONS['training-job'], { id: job.id })).expectData();
    return ['TOKENIZER', 'SEQ2SEQ'].includes(trainingJob.progress?.phase);
  }, 'the training to be under way');
  return job.id;
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`disk: expected ${what} within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** @returns The lowest number of an event that is not stored. */
function firstMissing(dir: string): number {
  const stored = new Set(rowsOf(dir, 'SELECT "eventId" FROM "Interaction"').map(([eventId]) => eventId));
  let n = 0;
  while (stored.has(`event/${n}`)) n++;
  return n;
}

function numEvents(dir: string): number {
  const [[verdict]] = rowsOf(dir, 'PRAGMA integrity_check');
  if (verdict !== 'ok') throw new Error(`database: expected a whole one, got ${String(verdict)}`);
  return rowsOf(dir, 'SELECT count(*) FROM "Interaction"')[0][0] as number;
}

function rowsOf(dir: string, sql: string): unknown[][] {
  const database = new Libsql(join(dir, 'shop.db'));
  try {
    return database.prepare(sql).raw().all() as unknown[][];
  } finally {
    database.close();
  }
}

/** The disk breaks and turns read-only under the server. It can be mended only when nothing uses it, so the server is started anew. */
async function whileBroken(root: string) {
  const dir = join(root, 'broken');
  const disk = openBreakableDisk(`${dir}.img`, dir, 96 * 2 ** 20);
  const server = await startServerProcess(dir, SETTINGS);
  try {
    await addShop(server);
    const acknowledged = await writeUntilRefused(server, 0, 100);
    disk.breakDown();
    const refused = await writeUntilRefused(server, acknowledged);
    const { errors } = await testClient(server.url).execute('{ items(first: 5) { nodes { title } } }');
    const live = (await fetch(`${server.url}/health/live`)).status;
    expectAll({ reading: errors.length === 0, live: live === 200 });
    await server.stop();
    disk.repair();
    const kept = numEvents(dir) - littleInteractions().length;
    expectAll({ nothingLost: kept >= refused, whole: kept === firstMissing(dir) });
    const next = await startServerProcess(dir, SETTINGS);
    const goesOn = await writeUntilRefused(next, refused, 100);
    await next.stop();
    expectAll({ goesOn: goesOn === refused + 100 });
    return { acknowledged: refused, kept };
  } catch (error) {
    console.log(server.output().slice(-4_000));
    throw error;
  } finally {
    await server.kill();
    disk.dispose();
  }
}

function expectAll(claims: Readonly<Record<string, boolean>>): void {
  const wrong = Object.keys(claims).filter((name) => !claims[name]);
  if (wrong.length > 0) throw new Error(`disk: expected all to hold, got otherwise: ${wrong.join(', ')}`);
}
