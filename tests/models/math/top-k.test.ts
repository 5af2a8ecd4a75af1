import fc from 'fast-check';

import { topK } from '../../../models/math/top-k';

describe('topK', () => {
  it('equals sorting, with ties to the earlier position', () => {
    const values = fc.array(fc.integer({ min: 0, max: 8 }));
    fc.assert(
      fc.property(values, fc.nat({ max: 12 }), (numbers, k) => {
        const order = numbers.map((_, i) => i).sort((a, b) => numbers[b] - numbers[a] || a - b);
        const expected = order.slice(0, k).sort((a, b) => a - b);
        expect([...topK(Float64Array.from(numbers), numbers.length, k)]).toEqual(expected);
      }),
    );
  });
});
