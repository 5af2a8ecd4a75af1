import { normaliseRows } from '../../../models/text/sentence-encoder';

describe('normaliseRows', () => {
  it('scales each row to length 1, in place', () => {
    const vectors = Float32Array.of(3, 4, 0, -2);
    expect(normaliseRows(vectors, 2)).toBe(vectors);
    expect(vectors).toEqual(Float32Array.of(0.6, 0.8, 0, -1));
  });

  it('takes numbers whose squares float32 cannot hold', () => {
    const [x, y] = normaliseRows(Float32Array.of(3e30, 4e30), 2);
    expect(x).toBeCloseTo(0.6, 6);
    expect(y).toBeCloseTo(0.8, 6);
  });

  it.each([
    ['only zeros', [0, 0]],
    ['a number that is none', [1, NaN]],
    ['an endless number', [Infinity, 1]],
  ])('names the row that has %s', (_, row) => {
    expect(() => normaliseRows(Float32Array.of(1, 1, ...row), 2)).toThrow(/^vector 1: expected finite numbers/);
  });
});
