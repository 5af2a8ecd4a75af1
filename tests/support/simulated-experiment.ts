/** Experiments whose truth is known, with one look a day. */
import type { Estimate } from '../../graphql/experiment/types';
import { createRandom, type Random } from '../../models/math/random';
import { differenceOf, type UserSums } from '../../src/feedback/sequential-test';

export interface SimulatedTraffic {
  /** Users who come for the first time, of both arms in all days. */
  readonly users: number;
  readonly days: number;
  /** The share of the control arm's lists that count: clicked or purchased ones. */
  readonly rate: number;
  /** Of the other arm: 0.1 is a rate 10 % higher. */
  readonly lift: number;
  /** The standard deviation of the logarithm of what a counted list brings in; absent: it counts as 1. */
  readonly spread?: number;
}

/** Lists of a user on each day after the first. */
const RETURN_SHARE = 0.1;

/** @returns The difference between the arms as it is seen at the end of each day. */
export function simulateExperiment(traffic: SimulatedTraffic, seed: number): (Estimate | null)[] {
  const random = createRandom(seed);
  const arms = [0, 1].map(() => Array.from({ length: traffic.days }, emptySums));
  for (let user = 0; user < traffic.users; user++) {
    const arm = random.int(2);
    addUser(arms[arm], traffic.rate * (arm === 0 ? 1 : 1 + traffic.lift), traffic, random);
  }
  const [control, other] = arms.map(runningSums);
  return control.map((sums, day) => differenceOf(sums, other[day]));
}

type MutableSums = { -readonly [Name in keyof UserSums]: UserSums[Name] };

function emptySums(): MutableSums {
  return { users: 0, lists: 0, listSquares: 0, total: 0, totalSquares: 0, products: 0 };
}

/** Adds to each day what the user changes on it. Users differ: their own rates are exponentially distributed around that of the arm. */
function addUser(days: MutableSums[], rate: number, { spread }: SimulatedTraffic, random: Random): void {
  const own = Math.min(1, -rate * Math.log(1 - random.next()));
  const firstDay = random.int(days.length);
  let [lists, total] = [0, 0];
  days[firstDay].users++;
  for (let day = firstDay; day < days.length; day += daysUntilReturn(random)) {
    const value = random.next() >= own ? 0 : spread === undefined ? 1 : Math.exp(spread * random.normal());
    const sums = days[day];
    sums.lists++;
    sums.listSquares += 2 * lists + 1;
    sums.total += value;
    sums.totalSquares += (total + value) ** 2 - total ** 2;
    sums.products += (total + value) * (lists + 1) - total * lists;
    lists++;
    total += value;
  }
}

function daysUntilReturn(random: Random): number {
  return 1 + Math.floor(Math.log(1 - random.next()) / Math.log(1 - RETURN_SHARE));
}

function runningSums(days: readonly MutableSums[]): UserSums[] {
  const sums = emptySums();
  return days.map((added) => {
    for (const name of Object.keys(sums) as (keyof UserSums)[]) sums[name] += added[name];
    return { ...sums };
  });
}

/** @returns Whether an interval leaves out 0, as whoever looks at it every day would find. */
export function isFlagged(looks: readonly (Estimate | null)[]): boolean {
  return looks.some((look) => look !== null && (look.low > 0 || look.high < 0));
}
