import { Popularity } from '../../../../models/decoding/evidence/popularity';

const NOBODY = { items: [], kinds: [], counts: [], times: [], at: 0 };

describe('Popularity', () => {
  it('has the share of each item among the live ones, and none of an item that nobody took', () => {
    const popularity = new Popularity(Float32Array.of(1, 0, 4, 3));
    expect(popularity.probabilities(NOBODY)).toEqual(new Map([[2, 4 / 8], [3, 3 / 8], [0, 1 / 8]])); // prettier-ignore
    const live = Float32Array.of(1, 1, 0, 1);
    expect(popularity.probabilities(NOBODY, live)).toEqual(new Map([[3, 3 / 4], [0, 1 / 4]])); // prettier-ignore
    expect(popularity.probabilities(NOBODY, live)).toBe(popularity.probabilities(NOBODY, live)); // counted once
    expect(popularity.probabilities(NOBODY).size).toBe(3);
  });

  it('has the 200 most popular items, each with its share among all', () => {
    const found = new Popularity(Float32Array.from({ length: 300 }, (_, item) => item)).probabilities(NOBODY);
    expect([...found.keys()]).toEqual(Array.from({ length: 200 }, (_, i) => 299 - i));
    expect(found.get(299)).toBeCloseTo(299 / ((299 * 300) / 2), 9);
  });

  it('says nothing where no item is live', () => {
    expect(new Popularity(Float32Array.of(1, 2)).probabilities(NOBODY, new Float32Array(2)).size).toBe(0);
  });
});
