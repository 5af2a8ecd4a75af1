/**
 * A disk that is full, a database that is locked, read-only or older than what lies beside it: the server says so, loses nothing that it
 * has acknowledged, and goes on without a restart when the disk does.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Libsql from 'libsql';

import { testClient } from '../support/graphql-client';
import { littleInteractions, littleItems } from '../support/little-shop';
import { OPERATIONS } from '../support/operations';
import { startPostgres } from '../support/postgres';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';
import { fill, onDisk, openBreakableDisk, setReadOnly, whyNoDisk } from '../support/small-disk';
import { tigerql } from '../support/tigerql';
import { finishedJob, mutateWith } from '../support/trained-shop';

const SIZE = '48m';
/** Its log alone takes 64 MB. */
const POSTGRES_SIZE = '256m';
/** A disk of its own beside PostgreSQL's, for the checkpoints. */
const FILES = 'files';
const LOCKED_MS = 8_000;
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
        const full = await whileFull(dir);
        console.log(
          JSON.stringify({ round, ...full, ...(await whileLocked(dir)), restored: await afterRestoration(dir) }),
        );
      });
    }
    await onDisk(root, SIZE, (dir) => startsOnNoDisk(dir));
    console.log(JSON.stringify({ broken: await whileBroken(root) }));
    await onDisk(root, POSTGRES_SIZE, async (dir) => {
      mkdirSync(join(dir, FILES));
      await onDisk(join(dir, FILES), SIZE, async () => {
        console.log(JSON.stringify({ postgresql: await whilePostgresFull(dir) }));
      });
    });
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
  const event = { userExternalId: `user-${n % 50}`, itemExternalId: `item-${n % 48}`, eventId: `event/${n}` };
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
  await mutate('add-items', { items: littleItems() });
  await mutate('record-interactions', { interactions: littleInteractions() });
}

/** @returns The id of the job, which is under way by then. */
async function startTraining({ url }: ServerProcess): Promise<string> {
  const admin = testClient(url, ADMIN_KEY);
  const { job } = await mutateWith(admin)('start-training', { preset: 'tiny' });
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

/** Another process holds the write lock for long. */
async function whileLocked(dir: string) {
  const server = await startServerProcess(dir, SETTINGS);
  try {
    const other = new Libsql(join(dir, 'shop.db'));
    const begin = performance.now();
    other.exec('BEGIN IMMEDIATE');
    const writing = record(server, 1_000_000);
    let slowestMs = 0;
    while (performance.now() - begin < LOCKED_MS) {
      const asked = performance.now();
      await fetch(`${server.url}/health/live`);
      slowestMs = Math.max(slowestMs, performance.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    other.exec('COMMIT');
    other.close();
    const isStored = await writing;
    const goesOn = await record(server, 1_000_001);
    expectAll({ goesOn });
    return { lockedMs: LOCKED_MS, storedAfterLock: isStored, liveSlowestMs: Math.round(slowestMs) };
  } finally {
    await server.stop();
  }
}

/** The database is put back to an earlier state, and what lies beside it is newer. */
async function afterRestoration(dir: string): Promise<string> {
  const env = { DATABASE_URL: `file:${join(dir, 'shop.db')}`, DATA_DIR: dir };
  await expectRun(dir, ['backup', join(dir, 'copy')], env);
  const earlier = numEvents(dir);
  const first = await startServerProcess(dir, SETTINGS);
  await writeUntilRefused(first, 2_000_000, 20);
  await first.stop();
  for (const end of ['', '-wal', '-shm']) rmSync(join(dir, `shop.db${end}`), { force: true });
  execFileSync('cp', [join(dir, 'copy', 'database.db'), join(dir, 'shop.db')]);
  const second = await startServerProcess(dir, SETTINGS);
  const written = await writeUntilRefused(second, 3_000_000, 5);
  await second.stop();
  const events = numEvents(dir);
  expectAll({ written: written === 3_000_005, events: events === earlier + 5 });
  return `${earlier} + 5 events`;
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

/**
 * PostgreSQL's disk is full, and after it the disk of the checkpoints read-only. PostgreSQL ends when it cannot write its log, so
 * its operator starts it anew when there is room; the server stays.
 */
async function whilePostgresFull(dir: string) {
  const postgres = await startPostgres(dir);
  const server = await startServerProcess(join(dir, FILES), { ...SETTINGS, DATABASE_URL: postgres.url });
  try {
    await addShop(server);
    const before = await writeUntilRefused(server, 0, 100);
    fill(join(dir, 'filler'));
    const acknowledged = await writeUntilRefused(server, before);
    const live = (await fetch(`${server.url}/health/live`)).status;
    rmSync(join(dir, 'filler'));
    await postgres.restart();
    await until(() => record(server, acknowledged), 'events to be stored again');
    const events = await numEventsOf(server);
    const training = await trainReadOnly(server, join(dir, FILES));
    const exit = await server.stop();
    expectAll({ live: live === 200, exit: exit === 0, events: events === acknowledged + 1 });
    return { acknowledged: acknowledged + 1, events, training, exit };
  } catch (error) {
    console.log(server.output().slice(-4_000));
    throw error;
  } finally {
    await server.kill();
    await postgres.dispose();
  }
}

async function numEventsOf({ url }: ServerProcess): Promise<number> {
  const { catalogue } = (await testClient(url).execute('{ catalogue { interactionCount } }')).expectData();
  return catalogue.interactionCount - littleInteractions().length;
}

/** The disk of the checkpoints is read-only for a while. @returns The training's status. */
async function trainReadOnly(server: ServerProcess, files: string): Promise<string> {
  const job = await startTraining(server);
  await until(() => isSetReadOnly(files), 'a moment in which no file is written');
  // The second, when the training was ready and its result could not be stored.
  const signs = ['The training waits.', 'does not answer the training queue'];
  await until(() => signs.some((sign) => server.output().includes(sign)), 'the training to wait');
  setReadOnly(files, false);
  return (await finishedJob(testClient(server.url, ADMIN_KEY), job)).status;
}

function isSetReadOnly(dir: string): boolean {
  try {
    setReadOnly(dir, true);
    return true;
  } catch {
    return false;
  }
}

async function startsOnNoDisk(dir: string): Promise<void> {
  fill(join(dir, 'filler'));
  await expectOneLine('full', dir);
  rmSync(join(dir, 'filler'));
  appendFileSync(join(dir, 'file'), 'x');
  setReadOnly(dir, true);
  await expectOneLine('read-only', dir);
}

async function expectOneLine(disk: string, dir: string): Promise<void> {
  const env = { DATABASE_URL: `file:${join(dir, 'shop.db')}`, DATA_DIR: dir, PORT: '0', TIGERQL_DEMO: 'false' };
  const { code, stderr } = await tigerql(tmpdir(), ['serve'], env);
  console.log(JSON.stringify({ disk, code, stderr }));
  expectAll({ code: code === 1, lines: stderr.trim().split('\n').length === 1 });
}

async function expectRun(dir: string, args: string[], env: Record<string, string>): Promise<void> {
  const { code, stderr } = await tigerql(dir, args, env);
  if (code !== 0) throw new Error(`tigerql ${args.join(' ')}: expected exit code 0, got ${code}\n${stderr}`);
}

function expectAll(claims: Readonly<Record<string, boolean>>): void {
  const wrong = Object.keys(claims).filter((name) => !claims[name]);
  if (wrong.length > 0) throw new Error(`disk: expected all to hold, got otherwise: ${wrong.join(', ')}`);
}
