import fc from 'fast-check';

import type { HeldOut } from '../../../models/data/interactions';
import { KIND_RULES, PURCHASE, VIEW } from '../../../models/data/kinds';
import { Repeats } from '../../../models/decoding/evidence/repeats';
import { PARTS, type Part } from '../../../models/decoding/mixture';
import {
  bestWeights,
  chooseDecay,
  chooseRepeats,
  chooseWeights,
  EVIDENCE,
  evidenceLists,
  type JudgedUser,
  mixtureList,
  mixtureRanks,
  PRIOR_REPEATS,
  priorOf,
} from '../../../models/evaluation/choose-weights';
import { meanNdcg } from '../../../models/evaluation/metrics';
import { DAY_MS } from '../../../models/math/day';
import { candidatesOf, listWeights, type Said } from '../../support/candidates';
import { caseOf } from '../../support/little-log';

const { signal } = new AbortController();
const usersOf = (one: HeldOut, isSeenKept = false, count = 5) => ({ cases: Array<HeldOut>(count).fill(one), isSeenKept, signal }); // prettier-ignore

describe('chooseDecay', () => {
  /** The neighbour of 0 is 5, and that of 1 is 6, with these weights. */
  const tableOf = (five: number, six: number) => ({
    offsets: Int32Array.of(0, 1, 2, 2, 2, 2, 2, 2),
    items: Int32Array.of(5, 6),
    weights: Float32Array.of(five, six),
  });

  it.each([
    ['the newest item is nearly all that counts', tableOf(2.5, 1), 6, 0.3], // .3 · 2.5 < 1 < .5 · 2.5
    ['older items count too', tableOf(1.2, 1), 5, 0.9], // .8 · 1.2 < 1 < .9 · 1.2
  ])('finds that %s', (_, table, target, expected) => {
    const { decay, ranks } = chooseDecay(table, usersOf(caseOf([0, 1], [target])));
    expect(decay).toBe(expected);
    expect(ranks).toEqual(Array(5).fill(1));
  });
});

/** @param events - Item row, kind and days ago. */
function takenBy(events: readonly (readonly [item: number, kind: number, days: number])[], target: number): HeldOut {
  const at = 1000 * DAY_MS;
  const history = Int32Array.from(events, ([item]) => item);
  return {
    ...{ user: 0, at, targets: Int32Array.of(target), history, hidden: history },
    kinds: Uint8Array.from(events, ([, kind]) => kind),
    counts: new Int32Array(events.length).fill(1),
    times: Float64Array.from(events, ([, , days]) => at - days * DAY_MS),
  };
}

describe('chooseRepeats', () => {
  const often = [PURCHASE, PURCHASE, PURCHASE].map((kind) => [1, kind, 9] as const);
  const chosenFor = (one: HeldOut) => chooseRepeats(usersOf(one, true), KIND_RULES).repeats;

  it('lets age count where users take again what they took last, and not where they take what they took most often', () => {
    // 3 · 10^−ageing < 1 from .5 on, the prior.
    expect(chosenFor(takenBy([...often, [2, PURCHASE, 0]], 2))).toEqual(PRIOR_REPEATS);
    expect(chosenFor(takenBy([...often, [2, PURCHASE, 0]], 1)).ageing).toBe(0);
  });

  it('lets a purchase count more than a view where users take again what they bought', () => {
    const events = [[1, PURCHASE, 0], [2, VIEW, 0], [2, VIEW, 0]] as const; // prettier-ignore
    expect(chosenFor(takenBy(events, 2))).toEqual(PRIOR_REPEATS);
    expect(chosenFor(takenBy(events, 1)).kinds).toBe(0.5); // 2 · .1^.5 < 1
  });

  it('keeps to the prior weights where others are hardly better', () => {
    const better = takenBy([...often, [2, PURCHASE, 0]], 1);
    const worse = takenBy([...often, [2, PURCHASE, 0]], 2);
    const cases = [better, better, worse, better, worse];
    expect(chooseRepeats({ cases, isSeenKept: true, signal }, KIND_RULES).repeats).toEqual(PRIOR_REPEATS);
  });
});

describe('evidenceLists', () => {
  const repeats = new Repeats({ ageing: 0, kinds: 0 }, KIND_RULES);
  const one = caseOf([4, 2, 4], [4]);

  it('lists hidden items only where these may be in lists', () => {
    expect(evidenceLists(repeats, usersOf(one, true, 1))).toEqual([[4, 2]]);
    expect(evidenceLists(repeats, usersOf(one, true, 1), 1)).toEqual([[4]]);
    expect(evidenceLists(repeats, usersOf(one, false, 1))).toEqual([[]]);
    expect(evidenceLists(repeats, usersOf({ ...one, hidden: Int32Array.of(4) }, false, 1))).toEqual([[2]]);
  });
});

const many = (user: JudgedUser, count = 100) => Array<JudgedUser>(count).fill(user);
const judged = (said: Said, target: number, cosines?: Record<number, number>): JudgedUser => ({
  candidates: candidatesOf(said, cosines),
  targets: [target],
});

const weightsOf = (users: readonly JudgedUser[], parts?: readonly Part[]) => bestWeights(users, parts ?? PARTS).weights;

describe('bestWeights', () => {
  /** The decoder is sure of 1, the item head of 2. */
  const HEADS: Said = { decoder: { 1: 0.9, 2: 0.1 }, itemHead: { 1: 0.1, 2: 0.9 } };

  it('gives the part that is right enough to be first, beside the share of the others', () => {
    const right = weightsOf(many(judged(HEADS, 1)));
    expect(right.shares.decoder).toBeGreaterThanOrEqual(0.5);
    expect(mixtureList(candidatesOf(HEADS), right, 1)).toEqual([1]);
    expect(weightsOf(many(judged(HEADS, 2)))).toEqual(priorOf(['decoder', 'itemHead'], false)); // it is right already
  });

  it('lets texts count as much as they help', () => {
    const said = { itemHead: { 1: 0.9, 2: 0.1 }, uniform: { 1: 0.5, 2: 0.5 } };
    const cosines = { 1: 1, 2: 0.5 };
    expect(weightsOf(many(judged(said, 2, { 1: 0.5, 2: 0.7 }))).textWeight).toBeGreaterThan(2);
    expect(weightsOf(many(judged(said, 1, cosines))).textWeight).toBe(2);
    expect(weightsOf(many(judged(said, 2))).textWeight).toBe(0); // there are none
  });

  it('has shares of the parts that may have one alone', () => {
    const users = many(judged({ ...HEADS, neighbours: { 3: 0.6, 4: 0.4 }, popularity: { 4: 1 } }, 4));
    const { shares } = weightsOf(users, EVIDENCE);
    expect(shares.popularity).toBeGreaterThan(0.3);
    expect([shares.decoder, shares.itemHead, shares.repeats, shares.uniform]).toEqual([0, 0, 0, 0]);
  });

  it('is never worse on its users than the prior weights, and its shares sum to 1', () => {
    const ofPart = fc.dictionary(fc.nat(5).map(String), fc.double({ min: 0.01, max: 1, noNaN: true }), { minKeys: 1 });
    const said = fc.record(Object.fromEntries(PARTS.map((part) => [part, ofPart])) as Record<Part, typeof ofPart>, {
      requiredKeys: ['decoder'],
    });
    const cosines = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 });
    const user = fc.tuple(said, cosines, fc.nat(5)).map(([said, cosines, target]) => judged(said, target, cosines));
    fc.assert(
      fc.property(fc.array(user, { minLength: 1, maxLength: 4 }), (few) => {
        const users = Array.from({ length: 100 }, (_, i) => few[i % few.length]);
        const present = PARTS.filter((part) => few.some(({ candidates }) => part in candidates.probabilities));
        const chosen = weightsOf(users);
        const ndcg = (weights: typeof chosen) => meanNdcg(mixtureRanks(users, weights));
        expect(ndcg(chosen)).toBeGreaterThanOrEqual(ndcg(priorOf(present, true)));
        expect(PARTS.reduce((sum, part) => sum + chosen.shares[part], 0)).toBeCloseTo(1, 9);
        for (const part of PARTS)
          expect(chosen.shares[part] > 0).toBe(present.includes(part) && chosen.shares[part] > 0);
      }),
      { numRuns: 15 },
    );
  });
});

describe('chooseWeights', () => {
  const counts = { neighbours: { 1: 0.6, 2: 0.4 } };

  it('gives the heads a share where counts are no better', () => {
    const { served, evidence } = chooseWeights(many(judged({ ...counts, decoder: { 1: 0.1, 2: 0.9 } }, 2)), false);
    expect(served.shares.decoder).toBeGreaterThan(0.1);
    expect(evidence.shares.decoder).toBe(0);
  });
});

describe('priorOf', () => {
  it('keeps the proportions of the parts that there are, and gives all to one that has no prior share', () => {
    const { shares, textWeight } = priorOf(['decoder', 'neighbours'], false);
    expect(shares.neighbours / shares.decoder).toBeCloseTo(4, 9);
    expect(shares.neighbours + shares.decoder).toBeCloseTo(1, 9);
    expect(textWeight).toBe(0);
    expect(priorOf(['repeats'], true)).toEqual(listWeights({ repeats: 1 }, 2));
  });
});
