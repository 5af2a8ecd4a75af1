import fc from 'fast-check';

import { rankTopK, topK } from '../../../models/math/top-k';

const values = fc.array(fc.integer({ min: 0, max: 8 }));
const k = fc.nat({ max: 12 });

/** Positions by falling value, of equal ones the earlier first. */
const ranked = (numbers: readonly number[]) =>
  numbers.map((_, i) => i).sort((a, b) => numbers[b] - numbers[a] || a - b);

describe('topK', () => {
  it('equals sorting, with ties to the earlier position', () => {
    fc.assert(
      fc.property(values, k, (numbers, size) => {
        const expected = ranked(numbers)
          .slice(0, size)
          .sort((a, b) => a - b);
        expect([...topK(Float64Array.from(numbers), numbers.length, size)]).toEqual(expected);
      }),
    );
  });
});

describe('rankTopK', () => {
  it('equals sorting what qualifies, best first', () => {
    const rows = fc.array(fc.record({ value: fc.integer({ min: 0, max: 8 }), isAllowed: fc.boolean() }));
    fc.assert(
      fc.property(rows, k, (entries, size) => {
        const numbers = entries.map(({ value }) => value);
        const expected = ranked(numbers).filter((i) => entries[i].isAllowed);
        const found = rankTopK(Float32Array.from(numbers), size, (i) => entries[i].isAllowed);
        expect(found).toEqual(expected.slice(0, size));
      }),
    );
  });

  it('asks about the best positions until enough qualify', () => {
    const asked: number[] = [];
    const isOdd = (position: number) => asked.push(position) > 0 && position % 2 === 1;
    expect(rankTopK(Float32Array.of(5, 2, 1, 3, 0, 4), 2, isOdd)).toEqual([5, 3]);
    expect(asked).toEqual([0, 5, 3]);
  });
});
