/** Many users at once, whose requests share the decoder's batches. */
import { createApp } from '../../src/app';
import { readConfig } from '../../src/config';
import { startServer } from '../../src/http/server';
import type { Claim, Figures } from '../claim';
import { askForTen } from '../graphql-client';
import { median, quantile, timed } from '../harness';
import { shopEnvironment } from '../shop-address';

const USERS = 100;
const WARM_UP = 2;
const ROUNDS = 8;

export const concurrentUsers: Claim = {
  name: 'concurrent-100',
  what: 'a hundred users who ask over HTTP at once, 100,000 items: p95 of a request, over a user alone a hundred times',
  unit: 'ms',
  limits: [{ on: 'ratio', atMost: 1 }],
  shop: 'large',
  measure,
  peer: { kind: 'beside' },
};

/** Rounds of requests at once and rounds of requests one after another take turns. */
async function measure(shopDir: string): Promise<Figures> {
  const config = readConfig(shopEnvironment(shopDir));
  const server = await startServer(await createApp(config), config);
  const [latencies, rounds, alone]: [number[], number[], number[]] = [[], [], []];
  try {
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      const together = await timed(() =>
        Promise.all(users(round).map((user) => timed(() => askForTen(server.url, user)))),
      );
      const single = await timed(() => askForTen(server.url, round));
      if (round < WARM_UP) continue;
      latencies.push(...together.result.map(({ ms }) => ms));
      rounds.push(together.ms);
      alone.push(single.ms);
    }
  } finally {
    await server.close();
  }
  const notes = { p50Ms: median(latencies), usersPerSecond: (1000 * USERS) / median(rounds) };
  return { value: quantile(latencies, 0.95), peer: USERS * median(alone), notes };
}

function users(round: number): number[] {
  return Array.from({ length: USERS }, (_, i) => (round + i) % 500);
}
