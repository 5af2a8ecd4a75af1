/** A server lives under all kinds of requests for long, trainings and clients that go away included. Its memory must stay flat. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { buildTigerSchema } from '../../graphql/schema';
import { type TestClient, testClient } from '../support/graphql-client';
import { HostileOperations, randomNumbers } from '../support/hostile-operations';
import { interimFigures, soakSeed } from '../support/interim-figures';
import { CODES } from '../support/living-shop';
import { OPERATIONS } from '../support/operations';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';
import { type Mutate, mutateWith, openTrainedShop, train } from '../support/trained-shop';

const READERS = 3;
const USERS = 200;
const ITEMS = 48;
const SAMPLE_EVERY_MS = 2_000;
const TRAIN_EVERY_MS = 60_000;
/** How far the mean of the last third may be above that of the middle one. In the first, caches fill and code is compiled. */
const MAX_GROWTH = 0.05;
/** Characters of what the server has printed that are shown when the run fails. */
const MAX_OUTPUT = 5_000;

type Step = (n: number) => Promise<unknown>;

/** @param count - Minutes. */
export async function run(count: number): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'tigerql-leak-'));
  const until = Date.now() + 60_000 * count;
  let server: ServerProcess | null = null;
  try {
    await openTrainedShop(dir);
    server = await startServerProcess(dir, { LOG_LEVEL: 'error', TIGERQL_MAX_CALLER_RATE: '1000000' });
    const done: Record<string, number> = {};
    const repeat = async (name: string, step: Step) => {
      for (let n = 0; Date.now() < until; n++, done[name] = n) await step(n);
    };
    const steps = Object.entries(await stepsOn(server)).map(([name, step]) => repeat(name, step));
    const [samples] = await Promise.all([residentMbUntil(until, server, done), ...steps]);
    const thirds = thirdsOf(samples);
    const exit = await server.stop();
    console.log(JSON.stringify({ minutes: count, done, residentMb: thirds.map(Math.round), exit }));
    check(thirds, exit);
  } catch (error) {
    console.error(server?.output().slice(-MAX_OUTPUT));
    throw error;
  } finally {
    await server?.kill();
    await rm(dir, { recursive: true });
  }
}

async function stepsOn(server: ServerProcess): Promise<Readonly<Record<string, Step>>> {
  const [visitor, admin] = [testClient(server.url), testClient(server.url, ADMIN_KEY)];
  const { items } = (await visitor.execute(OPERATIONS.items, { first: ITEMS })).expectData();
  const ids = items.edges.map(({ node }: { node: { id: string } }) => node.id) as string[];
  const readers = Array.from({ length: READERS }, (_, reader) => [`reads ${reader}`, (n: number) => read(visitor, n)]);
  return {
    ...(Object.fromEntries(readers) as Record<string, Step>),
    changes: (n) => change(mutateWith(admin), ids[n % ids.length], n),
    subscriptions: (n) => subscribe(visitor, n),
    hostile: hostileStep(visitor),
    trainings: () => Promise.all([train(admin, { preset: 'TINY' }), setTimeout(TRAIN_EVERY_MS)]),
  };
}

/** Lists, pages and searches, of which some end before their answer. */
async function read({ execute }: TestClient, n: number): Promise<void> {
  const history = Array.from({ length: 1 + (n % 8) }, (_, i) => `item-${(7 * n + i) % ITEMS}`);
  await execute(OPERATIONS.recommendations, { history, first: 1 + (n % 20) });
  await execute(OPERATIONS.recommendations, { user: `user-${n % USERS}` });
  await execute(OPERATIONS.items, { first: 20, search: `Item ${n % ITEMS}` });
}

/** Every change is taken back, so that the shop stays as large as it is. */
async function change(mutate: Mutate, itemId: string, n: number): Promise<void> {
  const event = { user: { externalId: `user-${n % USERS}` }, item: { externalId: `item-${(5 * n) % ITEMS}` } };
  await mutate('record-interactions', { interactions: [event] });
  await mutate('update-items', { items: [{ itemId, title: `Title ${n}` }] });
  const assignments = [{ itemId, codes: [n % CODES, n % CODES] }];
  const { changes, catalogueVersion } = await mutate('reassign-semantic-ids', { assignments });
  if (changes.length > 0) await mutate('undo-reassignment', { catalogueVersion });
  await mutate('remove-items', { items: [{ id: itemId }] });
  await mutate('restore-items', { items: [{ id: itemId }] });
}

/** Clients that wait for news for a while and go away, in the middle of it too. */
async function subscribe(client: TestClient, n: number): Promise<void> {
  const documents = ['catalogue-changes', 'training-progress', 'active-model-changes'];
  const open = documents.map((name) => client.subscribe(OPERATIONS[name]));
  await Promise.race([open[0].next(), setTimeout(100 * (1 + (n % 10)))]);
  await Promise.all(open.map((subscription) => subscription.dispose()));
}

function hostileStep({ execute }: TestClient): Step {
  const operations = new HostileOperations(buildTigerSchema(), randomNumbers(soakSeed()));
  return async () => {
    const { kind, query, variables } = operations.next();
    if (kind !== 'subscription') await execute(query, variables);
    await setTimeout(50);
  };
}

async function residentMbUntil(until: number, server: ServerProcess, done: object): Promise<number[]> {
  const tell = interimFigures();
  const samples: number[] = [];
  while (Date.now() < until) {
    const sample = residentMb(server);
    samples.push(sample);
    tell({ residentMb: sample, ...done });
    await setTimeout(SAMPLE_EVERY_MS);
  }
  return samples;
}

/** @returns The mean of each third. */
function thirdsOf(samples: readonly number[]): number[] {
  const length = Math.ceil(samples.length / 3);
  return [0, 1, 2].map((third) => {
    const part = samples.slice(third * length, (third + 1) * length);
    return part.reduce((sum, each) => sum + each, 0) / part.length;
  });
}

function check([, middle, last]: readonly number[], exit: number | null): void {
  if (exit !== 0) throw new Error(`server: expected exit code 0, got ${exit}`);
  if (last > (1 + MAX_GROWTH) * middle)
    throw new Error(`memory: expected the last third within 5 % of the middle one, got ${last} MB after ${middle} MB`);
}

/** @returns MB that are in memory at present, those of its threads included. Linux alone. */
function residentMb({ pid }: { readonly pid: number }): number {
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return Math.round(kilobytes / 1024);
}
