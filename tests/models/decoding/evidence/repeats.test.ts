import fc from 'fast-check';

import { KIND_RULES, KINDS, PURCHASE, VIEW } from '../../../../models/data/kinds';
import { Repeats, type RepeatWeights } from '../../../../models/decoding/evidence/repeats';
import { DAY_MS } from '../../../../models/math/day';

/** Item row, kind, how many days ago, and how many events in a row; absent: one. */
type Event = readonly [item: number, kind: number, days: number, count?: number];

function probabilities(weights: RepeatWeights, events: readonly Event[], live?: Float32Array) {
  const at = 1000 * DAY_MS;
  const history = {
    items: events.map(([item]) => item),
    kinds: events.map(([, kind]) => kind),
    counts: events.map(([, , , count = 1]) => count),
    times: events.map(([, , days]) => at - days * DAY_MS),
    at,
  };
  return new Repeats(weights, KIND_RULES).probabilities(history, live);
}

const COUNTS = { ageing: 0, kinds: 0 };

describe('Repeats', () => {
  it('counts how often each item was taken, whenever and however that was', () => {
    const events: Event[] = [[3, PURCHASE, 90], [1, VIEW, 7], [3, VIEW, 0]]; // prettier-ignore
    expect(Object.fromEntries(probabilities(COUNTS, events))).toEqual({ 1: 1 / 3, 3: 2 / 3 });
  });

  it('counts an event of d days ago as (1 + d)^−ageing', () => {
    // 3 has 1/(1 + 3) and 1, and 1 has 1/(1 + 1).
    const events: Event[] = [[3, PURCHASE, 3], [1, PURCHASE, 1], [3, PURCHASE, 0]]; // prettier-ignore
    expect(Object.fromEntries(probabilities({ ageing: 1, kinds: 0 }, events))).toEqual({
      1: 0.5 / 1.75,
      3: 1.25 / 1.75,
    });
    // A clock that is behind makes no event count more than one of now.
    expect(probabilities({ ageing: 1, kinds: 0 }, [[0, PURCHASE, -5], [1, PURCHASE, 0]]).get(0)).toBe(0.5); // prettier-ignore
  });

  it('counts a run of n events as n^0.3', () => {
    const found = probabilities(COUNTS, [[0, VIEW, 0, 10], [1, VIEW, 0]]); // prettier-ignore
    expect(found.get(0)! / found.get(1)!).toBeCloseTo(1.9953, 4);
  });

  it("counts a kind by a power of the kind's weight", () => {
    const [bought, viewed] = [KIND_RULES.PURCHASE, KIND_RULES.VIEW].map(({ weight }) => weight ** 0.5);
    const found = probabilities({ ageing: 0, kinds: 0.5 }, [[0, PURCHASE, 0], [1, VIEW, 0]]); // prettier-ignore
    expect(found.get(1)).toBeCloseTo(viewed / (bought + viewed), 12);
    expect(viewed).toBeLessThan(bought);
  });

  it('passes over items that may not be next or are unknown, and says nothing where no other is left', () => {
    const live = Float32Array.of(0, 1, 1);
    expect(probabilities(COUNTS, [[-1, 0, 0], [0, 0, 0], [2, 0, 0]], live)).toEqual(new Map([[2, 1]])); // prettier-ignore
    expect(probabilities(COUNTS, [[-1, 0, 0], [0, 0, 0]], live).size).toBe(0); // prettier-ignore
    expect(probabilities(COUNTS, []).size).toBe(0);
  });

  it('sums to 1 over items of the history alone', () => {
    const event = fc.tuple(fc.integer({ min: -1, max: 4 }), fc.nat(KINDS.length - 1), fc.nat(2000));
    const weights = fc.record({ ageing: fc.constantFrom(0, 0.7, 3), kinds: fc.constantFrom(0, 0.5, 1) });
    fc.assert(
      fc.property(weights, fc.array(event, { minLength: 1, maxLength: 30 }), (weights, events) => {
        const found = probabilities(weights, events);
        const taken = new Set(events.map(([item]) => item).filter((item) => item >= 0));
        expect(new Set(found.keys())).toEqual(taken);
        expect([...found.values()].reduce((a, b) => a + b, 0)).toBeCloseTo(taken.size > 0 ? 1 : 0, 9);
      }),
    );
  });
});
