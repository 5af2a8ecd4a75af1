/**
 * Sends ten times what the server can serve: pages of items, then lists. It must go on serving, refuse the rest at once, stay alive, and
 * serve a caller with a key whose address floods it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { quantile } from '../../bench/harness';
import { makeShop } from '../../bench/shop';
import { type Outcomes, RequestLoad } from '../support/request-load';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';

const OPERATIONS = {
  items: '{ items(first: 20) { nodes { id title price categories } } }',
  lists: '{ user(externalId: "user-1") { recommendations(first: 20) { nodes { item { title } } } } }',
};
const OVERLOAD = 10;
/** As many clients as keep the server busy without overload. */
const CLIENTS = { items: 8, lists: 32 };
const MAX_SOCKETS = 1_000;
/** The engine compiles the server's code while it runs; a cold one has another capacity than a warm one. */
const WARM_UP_SECONDS = 6;
/** On a machine that others use too, overload and capacity are measured in turn, since its speed changes within seconds. */
const SLICE_SECONDS = 10;

const MIN_SHARE = 0.8;
const MAX_HEALTH_MS = 200;
const MIN_KEYED_SHARE = 0.9;

type Load = keyof typeof OPERATIONS;

/** @param count - Seconds of overload by each kind of operation. */
export async function run(count: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-overload-'));
  try {
    // In a smaller shop a list takes less time than the rest of its request.
    await makeShop(dir, 'small');
    const faults: string[] = [];
    // Lists first: they need several cores, and a server that is started later would keep to the core that is given to this process.
    for (const load of ['lists', 'items'] as const) {
      // One address stands for all callers here.
      const server = await startServerProcess(dir, { LOG_LEVEL: 'error', TIGERQL_MAX_CALLER_RATE: '1000000' });
      try {
        // Lists are made on several cores.
        const ownCores = load === 'items' && giveCores(server);
        const figures = await measure(server.url, load, Math.ceil(count / SLICE_SECONDS));
        console.log(JSON.stringify({ load, ownCores, ...figures }, rounded));
        faults.push(...faultsOf(figures).map((fault) => `${load}: ${fault}`));
      } finally {
        await server.stop();
      }
    }
    if (faults.length > 0) throw new Error(`overload: expected none of these\n${faults.join('\n')}`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * Server and clients run on a core each, with and without overload alike. Else the clients, who have ten times as much to do under
 * overload, would take time from the server, and that would look like its loss.
 *
 * @returns False where cores cannot be given.
 */
function giveCores({ pid }: ServerProcess): boolean {
  try {
    for (const [core, each] of [pid, process.pid].entries())
      execFileSync('taskset', ['--all-tasks', '--pid', '--cpu-list', String(core), String(each)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function measure(url: string, load: Load, slices: number): Promise<Figures> {
  const query = OPERATIONS[load];
  const few = new RequestLoad(url, query, CLIENTS[load]);
  const many = new RequestLoad(url, query, MAX_SOCKETS);
  const withKey = new RequestLoad(url, query, 1, ADMIN_KEY);
  const atCapacity = () => measured(url, () => few.closed(SLICE_SECONDS));
  await few.closed(WARM_UP_SECONDS);
  const capacity = [await atCapacity()];
  const overload: Phase[] = [];
  const keyed: Outcomes[] = [];
  for (let i = 0; i < slices; i++) {
    const perSecond = OVERLOAD * perSecondOf(capacity[i]);
    const asking = withKey.closed(SLICE_SECONDS).then((outcomes) => keyed.push(outcomes));
    overload.push(await measured(url, () => many.open(perSecond, SLICE_SECONDS)));
    await asking;
    capacity.push(await atCapacity());
  }
  return figuresOf(capacity, overload, keyed);
}

interface Phase {
  readonly outcomes: Outcomes;
  /** The server's processor time. On a machine that others use too, it changes less than the time on the clock. */
  readonly cpuSeconds: number;
  readonly healthMs: readonly number[];
}

async function measured(url: string, load: () => Promise<Outcomes>): Promise<Phase> {
  const health = watchHealth(url);
  const cpuBegin = await cpuSeconds(url);
  const outcomes = await load();
  return { outcomes, cpuSeconds: (await cpuSeconds(url)) - cpuBegin, healthMs: await health() };
}

/** @returns Seconds that the server has computed, by its metrics. */
async function cpuSeconds(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } })).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]);
}

/**
 * Asks for /health/live again and again, by a new connection each time as orchestrators do. It has a thread of its own, so that the load
 * does not slow the clock down.
 */
function watchHealth(url: string): () => Promise<number[]> {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { get } = require('node:http');
    const times = [];
    let isOver = false;
    parentPort.once('message', () => (isOver = true));
    const ask = () => {
      const begin = performance.now();
      const next = () => {
        times.push(performance.now() - begin);
        if (isOver) parentPort.postMessage(times);
        else setTimeout(ask, 20);
      };
      get(workerData + '/health/live', { agent: false }, (response) => response.resume().once('end', next)).once('error', next);
    };
    ask();`;
  const worker = new Worker(code, { eval: true, workerData: url });
  return async () => {
    const times = new Promise<number[]>((resolve) => worker.once('message', resolve));
    worker.postMessage('end');
    const all = await times;
    await worker.terminate();
    return all;
  };
}

interface Figures {
  /** Served per second. */
  readonly capacity: readonly number[];
  readonly goodput: readonly number[];
  /** The mean of `shares`: how much of the capacity is left under overload, per second of the server's processor time. */
  readonly share: number;
  readonly shares: readonly number[];
  readonly outcomes: Readonly<Record<string, number>>;
  readonly unsent: number;
  readonly withoutRetryAfter: number;
  /** Median, 99th percentile and maximum, as those that follow. */
  readonly servedMs: readonly number[];
  readonly refusedMs: readonly number[];
  readonly healthMs: readonly number[];
  /** Without overload, under the clients that measure the capacity. */
  readonly usualHealthMs: readonly number[];
  /** The caller with a key, who asks one operation after another from the address of the flood. */
  readonly keyed: { readonly outcomes: Readonly<Record<string, number>>; readonly servedMs: readonly number[] };
}

function figuresOf(capacity: readonly Phase[], overload: readonly Phase[], keyed: readonly Outcomes[]): Figures {
  const outcomes = overload.map((phase) => phase.outcomes);
  const shares = overload.map(
    (phase, i) => (2 * perCpuSecond(phase)) / (perCpuSecond(capacity[i]) + perCpuSecond(capacity[i + 1])),
  );
  return {
    capacity: capacity.map(perSecondOf),
    goodput: overload.map(perSecondOf),
    share: shares.reduce((sum, share) => sum + share) / shares.length,
    shares,
    outcomes: countsOf(outcomes),
    unsent: outcomes.reduce((sum, { unsent }) => sum + unsent, 0),
    withoutRetryAfter: outcomes.reduce((sum, { withoutRetryAfter }) => sum + withoutRetryAfter, 0),
    servedMs: quantiles(outcomes.flatMap(({ servedMs }) => servedMs)),
    refusedMs: quantiles(outcomes.flatMap(({ refusedMs }) => refusedMs)),
    healthMs: quantiles(overload.flatMap(({ healthMs }) => healthMs)),
    usualHealthMs: quantiles(capacity.flatMap(({ healthMs }) => healthMs)),
    keyed: { outcomes: countsOf(keyed), servedMs: quantiles(keyed.flatMap(({ servedMs }) => servedMs)) },
  };
}

function perSecondOf({ outcomes }: Phase): number {
  return servedOf(outcomes) / outcomes.seconds;
}

function perCpuSecond({ outcomes, cpuSeconds }: Phase): number {
  return servedOf(outcomes) / cpuSeconds;
}

function servedOf({ codes }: Outcomes): number {
  return codes.get('ok') ?? 0;
}

function countsOf(outcomes: readonly Outcomes[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [code, count] of outcomes.flatMap(({ codes }) => [...codes])) counts[code] = (counts[code] ?? 0) + count;
  return counts;
}

/** Rounds figures for printing. The checks take them as they are. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toFixed(2)) : value;
}

function quantiles(values: readonly number[]): number[] {
  return [0.5, 0.99, 1].map((share) => quantile(values, share));
}

function faultsOf({ share, healthMs: [, health], withoutRetryAfter, keyed: { outcomes } }: Figures): string[] {
  const keyedShare = (outcomes.ok ?? 0) / Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return [
    ...(share < MIN_SHARE ? [`goodput of ${(100 * share).toFixed(1)} % of the capacity`] : []),
    ...(health > MAX_HEALTH_MS ? [`/health/live after ${health.toFixed(1)} ms`] : []),
    ...(withoutRetryAfter > 0 ? ['OVERLOADED without Retry-After'] : []),
    ...(keyedShare < MIN_KEYED_SHARE ? [`a caller with a key served ${(100 * keyedShare).toFixed(1)} %`] : []),
  ];
}
