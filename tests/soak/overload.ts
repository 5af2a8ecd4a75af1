/** Sends ten times what the server can serve. It must go on serving, refuse the rest at once, and stay alive. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { quantile } from '../../bench/harness';
import { cpuSeconds } from '../support/process-cpu';
import { type Outcomes, RequestLoad } from '../support/request-load';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';

const QUERY = '{ items(first: 20) { nodes { id title price categories } } }';
const OVERLOAD = 10;
const CLIENTS = 8;
/** The engine compiles the server's code while it runs; a cold one has another capacity than a warm one. */
const WARM_UP_SECONDS = 6;
const MAX_SOCKETS = 1_000;

/** On a machine that others use too, overload and capacity are measured in turn, since its speed changes within seconds. */
const SLICE_SECONDS = 10;

/** @param count - Seconds of overload. */
export async function run(count: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-overload-'));
  const server = await startServerProcess(dir, {
    LOG_LEVEL: 'error',
    // One address stands for all callers here.
    TIGERQL_MAX_CALLER_RATE: '1000000',
  });
  const ownCores = giveCores(server);
  try {
    await fill(server.url);
    const figures = await measure(server.url, Math.ceil(count / SLICE_SECONDS));
    console.log(JSON.stringify({ ownCores, ...figures }, rounded));
    check(figures);
  } finally {
    await server.stop();
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

async function fill(url: string): Promise<void> {
  const items = Array.from({ length: 200 }, (_, i) => ({
    externalId: `item-${i}`,
    title: `Item ${i}`,
    price: i,
    categories: ['things', `shelf ${i % 10}`],
    embedding: Array.from({ length: 32 }, (_, d) => Math.sin(i * 31 + d)),
  }));
  const query = 'mutation ($input: AddItemsInput!) { addItems(input: $input) { userErrors { message } } }';
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}` },
    body: JSON.stringify({ query, variables: { input: { items } } }),
  });
  if (!response.ok) throw new Error(`addItems: expected status 200, got ${response.status} ${await response.text()}`);
}

async function measure(url: string, slices: number): Promise<Figures> {
  const few = new RequestLoad(url, QUERY, CLIENTS);
  const many = new RequestLoad(url, QUERY, MAX_SOCKETS);
  const atCapacity = () => measured(url, () => few.closed(SLICE_SECONDS));
  // Warms it up.
  await few.closed(WARM_UP_SECONDS);
  const capacity = [await atCapacity()];
  const overload: Phase[] = [];
  for (let i = 0; i < slices; i++) {
    const perSecond = OVERLOAD * perSecondOf(capacity[i]);
    overload.push(await measured(url, () => many.open(perSecond, SLICE_SECONDS)));
    capacity.push(await atCapacity());
  }
  return figuresOf(capacity, overload);
}

interface Phase {
  readonly outcomes: Outcomes;
  /** Of the server. On a machine that others use too, this changes less than the time on the clock. */
  readonly cpuSeconds: number;
  readonly healthMs: readonly number[];
}

async function measured(url: string, load: () => Promise<Outcomes>): Promise<Phase> {
  const health = watchHealth(url);
  const cpuBegin = await cpuSeconds(url);
  const outcomes = await load();
  return { outcomes, cpuSeconds: (await cpuSeconds(url)) - cpuBegin, healthMs: await health() };
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
}

function figuresOf(capacity: readonly Phase[], overload: readonly Phase[]): Figures {
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

/** For printing. What is checked is not rounded. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toFixed(2)) : value;
}

function quantiles(values: readonly number[]): number[] {
  return [0.5, 0.99, 1].map((share) => quantile(values, share));
}

function check({ share, healthMs: [, health], withoutRetryAfter }: Figures): void {
  if (share < 0.9)
    throw new Error(`goodput: expected at least 90 % of the capacity, got ${(100 * share).toFixed(1)} %`);
  if (health > 100) throw new Error(`/health/live: expected at most 100 ms for 99 %, got ${health.toFixed(1)} ms`);
  if (withoutRetryAfter > 0) throw new Error('OVERLOADED: expected Retry-After, got none');
}
