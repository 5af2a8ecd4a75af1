import { createRandom } from '../../../models/math/random';
import { differenceOf, rateOf, sampleRatioProbability, type UserSums } from '../../../src/feedback/sequential-test';
import { isFlagged, simulateExperiment, type SimulatedTraffic } from '../../support/simulated-experiment';

/** Of users given by their lists and by what is counted of these. */
function sumsOf(users: readonly (readonly [lists: number, total: number])[]): UserSums {
  const sum = (of: (lists: number, total: number) => number) => users.reduce((all, [l, x]) => all + of(l, x), 0);
  return {
    users: users.length,
    lists: sum((l) => l),
    listSquares: sum((l) => l * l),
    total: sum((_, x) => x),
    totalSquares: sum((_, x) => x * x),
    products: sum((l, x) => l * x),
  };
}

function many(times: number, ...users: readonly (readonly [number, number])[]): UserSums {
  return sumsOf(Array.from({ length: times }, () => users).flat());
}

describe('rateOf', () => {
  it('takes the user as the unit: a user with many equal lists says no more than one with a single list', () => {
    const single = rateOf(many(500, [1, 0], [1, 1]))!;
    const repeated = rateOf(many(500, [10, 0], [10, 10]))!;
    expect(single.value).toBe(0.5);
    expect(repeated.high).toBeCloseTo(single.high, 10);
  });

  it('gives the interval worked by hand', () => {
    // 100 users with 2 lists, of which 50 users have a click and 50 none: rate 50 / 200 = 0.25. The residuals x − 0.25 · 2 are ±0.5, so
    // their squares sum to 25; the variance is 25 · 100/99 / 200² = 0.000631313. With τ = 0.025: k = 1.010101,
    // and the half width is √(0.000631313 · 2.010101 · ln(1.99 / 0.05²)) = √(0.00126900 · 6.679599) = 0.0920681.
    const { value, low, high } = rateOf(many(50, [2, 0], [2, 1]))!;
    expect([value, low, high].map((one) => one.toFixed(6))).toEqual(['0.250000', '0.157932', '0.342068']);
  });

  it('says nothing of fewer than two users, or of users without any difference', () => {
    expect([rateOf(sumsOf([])), rateOf(sumsOf([[3, 1]])), rateOf(many(50, [1, 1])), rateOf(many(50, [1, 0]))]).toEqual([null, null, null, null]); // prettier-ignore
  });
});

describe('differenceOf', () => {
  const flaggedOf = (runs: number, traffic: SimulatedTraffic) =>
    Array.from({ length: runs }, (_, seed) => isFlagged(simulateExperiment(traffic, seed))).filter(Boolean).length;

  it('flags at most 5 of 100 experiments whose arms are the same, with a look on each of 28 days', () => {
    expect(flaggedOf(100, { users: 3_000, days: 28, rate: 0.2, lift: 0 })).toBeLessThanOrEqual(5);
    expect(flaggedOf(100, { users: 3_000, days: 28, rate: 0.1, lift: 0, spread: 0.8 })).toBeLessThanOrEqual(5);
  });

  it('finds a lift of 10 % in at least 80 % of experiments with 18,000 users', () => {
    expect(flaggedOf(25, { users: 18_000, days: 28, rate: 0.2, lift: 0.1 })).toBeGreaterThanOrEqual(20);
  });

  it('is wider where more arms share the error', () => {
    const [control, arm] = [many(50, [2, 0], [2, 1]), many(60, [2, 0], [2, 1])];
    expect(differenceOf(control, arm, 0.05 / 3)!.high).toBeGreaterThan(differenceOf(control, arm)!.high);
  });
});

describe('sampleRatioProbability', () => {
  it('is that of the counts worked by hand', () => {
    // A Dirichlet(50, 50) prior gives two users of one arm the probability 50/100 · 51/101, the shares give them 1/4.
    expect(sampleRatioProbability([2, 0], [0.5, 0.5])).toBeCloseTo(0.25 / ((50 * 51) / (100 * 101)), 10);
    // One user of either arm is likelier with the true shares, so the probability stays 1.
    expect(sampleRatioProbability([1, 1], [0.5, 0.5])).toBe(1);
  });

  it('finds an arm that loses a tenth of its users, and none where all are counted', () => {
    const random = createRandom(1);
    const users = [0, 0, 0];
    for (let user = 0; user < 20_000; user++) users[[0, 0, 1, 2][random.int(4)]]++;
    expect(sampleRatioProbability(users, [0.5, 0.25, 0.25])).toBeGreaterThan(0.01);
    expect(sampleRatioProbability([users[0], users[1] * 0.9, users[2]], [0.5, 0.25, 0.25])).toBeLessThan(0.01);
  });
});
