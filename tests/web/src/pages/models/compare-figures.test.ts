import { comparedModels, compareFigures, verdictOf } from '../../../../../web/src/pages/models/compare-figures';

describe('compareFigures', () => {
  it('takes the difference of figures that both have, with the interval of both', () => {
    const a = [
      { name: 'ndcg@10', value: 0.2, low: 0.17, high: 0.23 },
      { name: 'users', value: 5 },
    ];
    const b = [
      { name: 'ndcg@10', value: 0.3, low: 0.26, high: 0.34 },
      { name: 'mrr', value: 1 },
    ];
    const rows = compareFigures(a, b);
    expect(rows.map(({ name, difference }) => [name, difference === null])).toEqual([
      ['ndcg@10', false],
      ['users', true],
      ['mrr', true],
    ]);
    // 0.1 ± √(0.03² + 0.04²) = 0.1 ± 0.05.
    expect(rows[0].difference?.value).toBeCloseTo(0.1);
    expect(rows[0].difference?.low).toBeCloseTo(0.05);
    expect(rows[0].difference?.high).toBeCloseTo(0.15);
  });
});

describe('verdictOf', () => {
  it.each([
    [0.1, 0.2, 'higher'],
    [-0.2, -0.1, 'lower'],
    [-0.1, 0.1, 'unclear'],
    [null, null, 'unclear'],
  ] as const)('says of %s to %s: %s', (low, high, verdict) => {
    expect(verdictOf({ value: 0, low, high })).toBe(verdict);
  });
});

const model = (number: number) => ({ id: `M${number}`, number });
const KNOWN = [model(4), model(3), model(2), model(1)];

/** @returns The numbers of both. */
const numbers = (active: number | null, a: number | null = null, b: number | null = null) => {
  const compared = comparedModels(KNOWN, active === null ? undefined : `M${active}`, { a, b });
  return [compared.a?.number, compared.b.number];
};

describe('comparedModels', () => {
  it('puts the active version beside the newest other one', () => {
    expect(numbers(4)).toEqual([3, 4]);
    expect(numbers(2)).toEqual([4, 2]);
    expect(numbers(null)).toEqual([3, 4]);
  });

  it('compares no version with itself', () => {
    expect(numbers(4, 4)).toEqual([4, 3]);
    expect(numbers(3, 3)).toEqual([3, 4]);
    expect(numbers(3, 4)).toEqual([4, 3]);
    expect(comparedModels([KNOWN[1]], 'M3', { a: 3, b: null })).toMatchObject({ a: null, b: { number: 3 } });
  });

  it('takes both from the address', () => {
    expect(numbers(4, 1, 2)).toEqual([1, 2]);
  });
});
