import { randomItemTexts, randomNeighbours } from '../../bench/item-head-parts';
import { neighbourProbabilities } from '../../models/decoding/evidence';
import { Rows } from '../../models/math/rows';

describe('randomItemTexts', () => {
  it('has a direction of length 1 for each item, after zeros for unknown items', () => {
    const { shape, data } = randomItemTexts(30);
    const [unknown, ...directions] = new Rows(data as Float32Array, shape[1]).all();
    expect(shape).toEqual([31, 64]);
    expect(unknown.every((x) => x === 0)).toBe(true);
    for (const direction of directions) expect(Math.hypot(...direction)).toBeCloseTo(1, 5);
  });
});

describe('randomNeighbours', () => {
  it('gives every item neighbours, among them items from both ends of the catalogue', () => {
    const table = randomNeighbours(20);
    for (let item = 0; item < 20; item++) {
      const probabilities = neighbourProbabilities(table, [item], 1);
      expect([...probabilities.values()].reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
    }
    expect([Math.min(...table.items), Math.max(...table.items)]).toEqual([0, 19]);
  });
});
