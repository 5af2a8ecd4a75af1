/** How often experiments are found to differ that do not, and how often a true lift is found, with a look each day for 28 days. */
import { createRandom } from '../../models/math/random';
import { sampleRatioProbability } from '../../src/feedback/sequential-test';
import { isFlagged, simulateExperiment, type SimulatedTraffic } from '../support/simulated-experiment';

type Case = readonly [name: string, traffic: SimulatedTraffic];

const CLICKS = { days: 28, rate: 0.2 };
const PURCHASES = { days: 28, rate: 0.03 };
const REVENUE = { ...PURCHASES, spread: 0.8 };

const CASES: readonly Case[] = [
  ...[500, 5_000, 18_000].map((users): Case => ['clicks', { ...CLICKS, users, lift: 0 }]),
  ...[5_000, 30_000, 100_000].map((users): Case => ['purchases', { ...PURCHASES, users, lift: 0 }]),
  ...[5_000, 50_000, 180_000].map((users): Case => ['revenue', { ...REVENUE, users, lift: 0 }]),
  ...[9_000, 18_000].map((users): Case => ['clicks', { ...CLICKS, users, lift: 0.1 }]),
  ...[50_000, 100_000].map((users): Case => ['purchases', { ...PURCHASES, users, lift: 0.1 }]),
  ...[90_000, 180_000].map((users): Case => ['revenue', { ...REVENUE, users, lift: 0.1 }]),
];

/**
 * @param count - Runs of each case, such as 1,000.
 * @throws {Error} When more than 5 % of the runs without a lift are flagged.
 */
export function run(count: number): Promise<void> {
  for (const [name, traffic] of CASES) {
    let [flagged, days] = [0, 0];
    for (let seed = 1; seed <= count; seed++) {
      const looks = simulateExperiment(traffic, seed);
      if (!isFlagged(looks)) continue;
      flagged++;
      days += looks.findIndex((look) => isFlagged([look])) + 1;
    }
    const share = flagged / count;
    console.log(JSON.stringify({ name, ...traffic, flagged: share, meanDay: Math.round(days / Math.max(1, flagged)) }));
    if (traffic.lift === 0 && share > 0.05) throw new Error(`${name}: expected at most 5 % flagged, got ${share}`);
  }
  for (const lost of [0, 0.1]) console.log(JSON.stringify({ name: 'ratio', lost, ...ratioOf(count, lost) }));
  return Promise.resolve();
}

/** @returns How often a look each day finds that an arm has lost a share of its users. */
function ratioOf(count: number, lost: number) {
  let flagged = 0;
  for (let seed = 1; seed <= count; seed++) {
    const random = createRandom(seed);
    const users = [0, 0];
    let isFound = false;
    for (let day = 0; day < 28; day++) {
      for (let user = 0; user < 500; user++) {
        const arm = random.int(2);
        if (arm === 0 || random.next() >= lost) users[arm]++;
      }
      isFound ||= sampleRatioProbability(users, [0.5, 0.5]) < 0.01;
    }
    if (isFound) flagged++;
  }
  return { flagged: flagged / count };
}
