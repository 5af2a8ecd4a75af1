/** A server with a live model on a shop of `scale`: its memory, and how long lists, changes and filters take over HTTP. */
import { setTimeout as pause } from 'node:timers/promises';

import { createRandom } from '../models/math/random';
import { askForTen, mutate } from './graphql-client';
import { median, quantile, timeCalls, timed } from './harness';
import type { Stage } from './scale';
import { DIMS, usersOf } from './scale-shop';
import { withServerProcess } from './served-shop';

const USERS = 100;
const CALLS = { warmUp: 10, calls: 100 };
/** Time for the garbage collector to free what the start left behind. */
const REST_MS = 5000;

const ADD = `mutation ($items: [NewItem!]!) { upsertItems(input: { items: $items }) { userErrors { message } } }`;
const REASSIGN = `mutation ($assignments: [SemanticIdAssignment!]!) {
  reassignSemanticIds(input: { assignments: $assignments }) { userErrors { message } }
}`;

/** @returns One stage for each figure. */
export function measureServer(dir: string, items: number): Promise<Stage[]> {
  const random = createRandom(Date.now()); // a shop that was measured before gets other codes
  // Users from all over: the first ones have the longest histories, and longer ones in a larger shop.
  const userOf = (call: number) => `u${Math.floor((((call % USERS) + 0.5) / USERS) * usersOf(items))}`;
  const ask = (url: string, call: number, options?: object) => askForTen(url, userOf(call), options);
  const added = (call: number) => ({
    externalId: `new-${Date.now()}-${call}`,
    title: `New thing ${call}`,
    embedding: Array.from({ length: DIMS }, () => random.normal()),
  });
  const assigned = (call: number) => ({
    item: { externalId: `i${call}` },
    codes: Array.from({ length: 3 }, () => random.int(256)),
  });
  return withServerProcess(dir, async ({ url, readyMs, rssMb }) => {
    const stage = (name: string, ms: number, peakMb: number | null = null): Stage => {
      return { name, seconds: ms / 1000, cpuSeconds: null, peakMb };
    };
    const ready = stage('server: until ready', readyMs, await rssMb());
    const alone = await timeCalls((call) => ask(url, call), CALLS);
    await pause(REST_MS);
    const list = stage('a list, p50; memory at rest', median(alone), await rssMb());
    const calls = Array.from({ length: USERS }, (_, user) => timed(() => ask(url, user)));
    const together = (await Promise.all(calls)).map(({ ms }) => ms);
    const add = await timeCalls((call) => mutate(url, ADD, { items: [added(call)] }), CALLS);
    const reassign = await timeCalls((call) => mutate(url, REASSIGN, { assignments: [assigned(call)] }), CALLS);
    const filter = await timeCalls((call) => ask(url, call, { filter: { minPrice: 1 + call / 100 } }), CALLS);
    return [
      ...[ready, list],
      stage('100 users at once, p95', quantile(together, 0.95)),
      stage('add an item, p99', quantile(add, 0.99)),
      stage('reassign an item, p99', quantile(reassign, 0.99)),
      stage('first list with a filter, p99; memory', quantile(filter, 0.99), await rssMb()),
    ];
  });
}
