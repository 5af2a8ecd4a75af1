/** Many users ask at once, and their requests share the decoder's batches. */
import type { Claim, Figures } from '../claim';
import { askForTen } from '../graphql-client';
import { median, quantile, timed } from '../harness';
import { withServer } from '../served-shop';

const USERS = 100;
const WARM_UP = 2;
const ROUNDS = 8;

export const concurrentUsers: Claim = {
  name: 'concurrent-100',
  what: 'p95 of a request when 100 users ask over HTTP at once, over a hundred times the time of a user alone; 100,000 items',
  unit: 'ms',
  limits: [{ on: 'ratio', atMost: 1 }],
  shop: 'large',
  measure: (shopDir) => withServer(shopDir, ({ url }) => measure(url)),
  peer: { kind: 'beside' },
};

/** A round of all users at once and a request of one user alone alternate. */
async function measure(url: string): Promise<Figures> {
  const [latencies, rounds, alone]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const together = await timed(() => Promise.all(users(round).map((user) => timed(() => askForTen(url, user)))));
    const single = await timed(() => askForTen(url, round));
    if (round < WARM_UP) continue;
    latencies.push(...together.result.map(({ ms }) => ms));
    rounds.push(together.ms);
    alone.push(single.ms);
  }
  const notes = { p50Ms: median(latencies), usersPerSecond: (1000 * USERS) / median(rounds) };
  return { value: quantile(latencies, 0.95), peer: USERS * median(alone), notes };
}

function users(round: number): number[] {
  return Array.from({ length: USERS }, (_, i) => (round + i) % 500);
}
