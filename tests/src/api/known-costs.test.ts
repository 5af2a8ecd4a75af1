import { getOperationAST, parse } from 'graphql';

import { KnownCosts } from '../../../src/api/known-costs';

const operation = getOperationAST(
  parse('query ($name: String!, $ids: [ID!], $first: Int = 5) { a(name: $name, ids: $ids, first: $first) }'),
)!;

/** @returns Which of the calls, in turn, had to compute. */
function computed(all: readonly Record<string, unknown>[], costs = new KnownCosts()): boolean[] {
  return all.map((variables, i) => {
    let isComputed = false;
    const cost = costs.of(operation, variables, () => {
      isComputed = true;
      return i;
    });
    if (isComputed) expect(cost).toBe(i);
    return isComputed;
  });
}

describe('KnownCosts', () => {
  it('computes once for variables that differ only in texts', () => {
    expect(
      computed([
        { name: 'a', first: 3 },
        { name: 'b', first: 3 },
      ]),
    ).toEqual([true, false]);
  });

  it('computes anew for other numbers and lists, and tells an absent variable from null', () => {
    expect(computed([{}, { first: null }, { first: 1 }, { ids: ['a'] }, { ids: ['a', 'b'] }, {}])).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it('knows nothing of an operation in another document', () => {
    const costs = new KnownCosts();
    const [one, other] = ['{ a }', '{ a }'].map((text) => getOperationAST(parse(text))!);
    expect([one, other, one].map((each, i) => costs.of(each, {}, () => i))).toEqual([0, 1, 0]);
  });

  it('remembers a bounded number of costs of one operation', () => {
    const costs = new KnownCosts();
    computed(
      Array.from({ length: 200 }, (_, first) => ({ first })),
      costs,
    );
    expect(computed([{ first: 0 }, { first: 199 }, { first: 199 }], costs)).toEqual([false, true, true]);
  });
});
