/** Sends ten times what the server can serve. It must go on serving, refuse the rest at once, and stay alive. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { cpuSeconds } from '../support/process-cpu';
import { type Outcomes, RequestLoad } from '../support/request-load';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';

const QUERY = '{ items(first: 20) { nodes { id title price categories } } }';
const OVERLOAD = 10;
const CLIENTS = 8;
/** The engine compiles the server's code while it runs; a cold one has another capacity than a warm one. */
const WARM_UP_SECONDS = 6;
const MAX_SOCKETS = 1_000;

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
    const seconds = Math.max(3, count);
    // Warms it up.
    await new RequestLoad(server.url, QUERY, CLIENTS).closed(WARM_UP_SECONDS);
    const usual = watchHealth(server.url);
    const before = await measured(server.url, () => new RequestLoad(server.url, QUERY, CLIENTS).closed(seconds));
    const usualHealthMs = await usual();
    const health = watchHealth(server.url);
    const load = new RequestLoad(server.url, QUERY, MAX_SOCKETS);
    const overload = await measured(server.url, () => load.open(OVERLOAD * before.perSecond, seconds));
    const healthMs = await health();
    const after = await measured(server.url, () => new RequestLoad(server.url, QUERY, CLIENTS).closed(seconds));
    const figures = { ownCores, before, overload, after, healthMs, usualHealthMs };
    console.log(report(figures));
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

interface Phase {
  readonly perSecond: number;
  /** On a machine that others use too, the server's share of it changes within seconds; this ratio does not. */
  readonly perCpuSecond: number;
  readonly outcomes: Outcomes;
}

async function measured(url: string, load: () => Promise<Outcomes>): Promise<Phase> {
  const cpuBegin = await cpuSeconds(url);
  const outcomes = await load();
  const served = outcomes.codes.get('ok') ?? 0;
  return {
    perSecond: served / outcomes.seconds,
    perCpuSecond: served / ((await cpuSeconds(url)) - cpuBegin),
    outcomes,
  };
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
    const sorted = (await times).sort((a, b) => a - b);
    await worker.terminate();
    return sorted;
  };
}

interface Figures {
  readonly ownCores: boolean;
  readonly before: Phase;
  readonly overload: Phase;
  readonly after: Phase;
  readonly healthMs: readonly number[];
  /** Without overload, under the clients that measure the capacity. */
  readonly usualHealthMs: readonly number[];
}

function report({ ownCores, before, overload, after, healthMs, usualHealthMs }: Figures): string {
  const { outcomes } = overload;
  const servedMs = outcomes.servedMs.sort((a, b) => a - b);
  return JSON.stringify({
    ownCores,
    capacity: [before, after].map(({ perSecond }) => Math.round(perSecond)),
    goodput: Math.round(overload.perSecond),
    perCpuSecond: [before, overload, after].map(({ perCpuSecond }) => Math.round(perCpuSecond)),
    share: Number(shareOf({ before, overload, after }).toFixed(2)),
    sent: outcomes.sent,
    unsent: outcomes.unsent,
    withoutRetryAfter: outcomes.withoutRetryAfter,
    outcomes: Object.fromEntries(outcomes.codes),
    servedMs: [0.5, 0.99].map((share) => Math.round(quantile(servedMs, share))),
    healthMs: [0.5, 0.99, 1].map((share) => Math.round(quantile(healthMs, share))),
    usualHealthMs: [0.5, 0.99, 1].map((share) => Math.round(quantile(usualHealthMs, share))),
    healthChecks: healthMs.length,
  });
}

/** @returns The share of the capacity that is left under overload. */
function shareOf({ before, overload, after }: Pick<Figures, 'before' | 'overload' | 'after'>): number {
  return (2 * overload.perCpuSecond) / (before.perCpuSecond + after.perCpuSecond);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

function check({ healthMs, ...phases }: Figures): void {
  const share = Math.round(100 * shareOf(phases));
  const p99 = quantile(healthMs, 0.99);
  if (share < 90) throw new Error(`goodput: expected at least 90 % of the capacity, got ${share} %`);
  if (p99 > 100) throw new Error(`/health/live: expected at most 100 ms for 99 %, got ${Math.round(p99)} ms`);
  if (phases.overload.outcomes.withoutRetryAfter > 0) throw new Error('OVERLOADED: expected Retry-After, got none');
}
