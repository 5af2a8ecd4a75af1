/** Asks for three times as many lists as the decode workers can make. They must go on, and the rest must be refused at once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { quantile } from '../../bench/harness';
import { makeShop } from '../../bench/shop';
import { type Outcomes, RequestLoad } from '../support/request-load';
import { startServerProcess } from '../support/server-process';

export const QUERY = '{ user(externalId: "user-1") { recommendations(first: 20) { nodes { item { title } } } } }';
const OVERLOAD = 3;
const CLIENTS = 32;
const WARM_UP_SECONDS = 4;
const MAX_SOCKETS = 1_000;

/** @param count - Seconds of overload. */
export async function run(count: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-decode-'));
  try {
    // In a smaller shop a list takes less time than the rest of its request, and the event loop is what is overloaded.
    await makeShop(dir, 'small');
    // One address stands for all callers here.
    const server = await startServerProcess(dir, { LOG_LEVEL: 'error', TIGERQL_MAX_CALLER_RATE: '1000000' });
    try {
      await measure(server.url, Math.max(3, count));
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure(url: string, seconds: number): Promise<void> {
  const usual = new RequestLoad(url, QUERY, CLIENTS);
  await usual.closed(WARM_UP_SECONDS);
  const before = perSecond(await usual.closed(seconds));
  const overload = await new RequestLoad(url, QUERY, MAX_SOCKETS).open(OVERLOAD * before, seconds);
  const after = perSecond(await usual.closed(seconds));
  const figures = {
    capacity: [before, after].map(Math.round),
    goodput: Math.round(perSecond(overload)),
    share: Number(((2 * perSecond(overload)) / (before + after)).toFixed(2)),
    outcomes: Object.fromEntries(overload.codes),
    unsent: overload.unsent,
    servedMs: quantiles(overload.servedMs),
    refusedMs: quantiles(overload.refusedMs),
    withoutRetryAfter: overload.withoutRetryAfter,
  };
  console.log(JSON.stringify(figures));
  check(figures);
}

function perSecond({ codes, seconds }: Outcomes): number {
  return (codes.get('ok') ?? 0) / seconds;
}

function quantiles(values: readonly number[]): number[] {
  return [0.5, 0.99].map((share) => Math.round(quantile(values, share)));
}

interface Figures {
  readonly share: number;
  readonly servedMs: readonly number[];
  readonly refusedMs: readonly number[];
  readonly withoutRetryAfter: number;
}

function check({ share, servedMs: [, served], refusedMs: [, refused], withoutRetryAfter }: Figures): void {
  if (share < 0.9) throw new Error(`goodput: expected at least 90 % of the capacity, got ${Math.round(100 * share)} %`);
  if (served > 1000) throw new Error(`lists: expected at most 1 s for 99 %, got ${served} ms`);
  if (refused > 50) throw new Error(`refusals: expected at most 50 ms for 99 %, got ${refused} ms`);
  if (withoutRetryAfter > 0) throw new Error('OVERLOADED: expected Retry-After, got none');
}
