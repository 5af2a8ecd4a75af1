import { createRandom } from '../../../models/math/random';
import { fitWhitening, itemText, whiten } from '../../../models/text/item-features';

describe('itemText', () => {
  it.each([
    [
      { title: 'Red mug', brand: 'Acme', categories: ['Kitchen', 'Mugs'] },
      'Red mug. Brand: Acme. Category: Kitchen, Mugs.',
    ],
    [{ title: 'Red mug' }, 'Red mug.'],
    [{ title: ' Who is it? ', brand: null, categories: [] }, 'Who is it?'],
    [{ title: 'Red mug', brand: '  ', categories: ['', ' Mugs '] }, 'Red mug. Category: Mugs.'],
    [{ title: 'Red mug', brand: 'Acme Inc.' }, 'Red mug. Brand: Acme Inc.'],
    [{ title: '', brand: 'Acme' }, 'Brand: Acme.'],
    [{ title: 'Red mug', description: 'For tea.' }, 'Red mug.'],
    [{ title: ' ', description: ' For tea ', brand: 'Acme' }, 'For tea. Brand: Acme.'],
    [{ title: '', description: 'x'.repeat(301) }, `${'x'.repeat(300)}.`],
    [{ title: '', description: `<div class="long">${'x'.repeat(301)}</div>` }, `${'x'.repeat(300)}.`],
    [{ title: '', description: '<p>For <b>tea</b> &amp; milk</p>' }, 'For tea & milk.'],
    [
      { title: 'Salt &amp; Pepper', brand: 'B&amp;B', categories: ['Home &amp; Garden'] },
      'Salt & Pepper. Brand: B&B. Category: Home & Garden.',
    ],
  ])('writes %j as a sentence a part', (item, text) => {
    expect(itemText(item)).toBe(text);
  });
});

describe('fitWhitening', () => {
  const DIMS = 6;

  /** Correlated and off centre: two random vectors of such rows have a high cosine. */
  function cone(n: number): Float32Array {
    const random = createRandom(1);
    const mixing = Array.from({ length: DIMS * DIMS }, () => random.normal());
    const rows = Array.from({ length: n }, () => {
      const source = Array.from({ length: DIMS }, (_, d) => random.normal() * (d + 1));
      return Array.from(
        { length: DIMS },
        (_, d) => 20 + source.reduce((sum, x, s) => sum + x * mixing[s * DIMS + d], 0),
      );
    });
    return Float32Array.from(rows.flat());
  }

  it.each([DIMS, 3])('gives %i features mean 0 and identity covariance', (featureSize) => {
    const vectors = cone(400);
    const features = whiten(fitWhitening(vectors, DIMS, featureSize), vectors);
    for (let a = 0; a < featureSize; a++) {
      const column = (f: number) => Array.from({ length: 400 }, (_, row) => features[row * featureSize + f]);
      expect(column(a).reduce((sum, x) => sum + x, 0) / 400).toBeCloseTo(0, 4);
      for (let b = 0; b < featureSize; b++) {
        const other = column(b);
        const covariance = column(a).reduce((sum, x, row) => sum + x * other[row], 0) / 400;
        expect(covariance).toBeCloseTo(a === b ? 1 : 0, 3);
      }
    }
  });

  it('shrinks to the directions in which the vectors vary', () => {
    // Four points span three directions; in the plane only two.
    expect(fitWhitening(cone(4), DIMS, DIMS).components).toHaveLength(3 * DIMS);
    const plane = Float32Array.from({ length: 30 }, (_, i) => (i % 3 === 2 ? 5 : Math.sin(i)));
    expect(fitWhitening(plane, 3, 3).components).toHaveLength(2 * 3);
  });

  it('is the same whatever sign an eigenvector came with', () => {
    const { components } = fitWhitening(cone(50), DIMS, 2);
    for (let f = 0; f < 2; f++) {
      const row = components.subarray(f * DIMS, (f + 1) * DIMS);
      const largest = row.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
      expect(largest).toBeGreaterThan(0);
    }
  });

  it('refuses rows that are not numbers', () => {
    const vectors = cone(5);
    const whitening = fitWhitening(vectors, DIMS, 2);
    vectors[3 * DIMS + 1] = NaN;
    expect(() => fitWhitening(vectors, DIMS, 2)).toThrow('row 3: expected finite numbers, got NaN');
    expect(() => whiten(whitening, vectors)).toThrow('row 3: expected finite numbers, got NaN');
    expect(() => whiten(whitening, new Float32Array(7))).toThrow('vectors: expected rows of 6, got 7 numbers');
  });

  it('refuses rows that are all equal, also but for rounding, and says what they need', () => {
    const equal = new Float32Array(12).fill(2);
    const message =
      'vectors: expected rows that differ, got 3 equal rows; items need titles, brands or categories that tell them apart, or vectors of your own';
    expect(() => fitWhitening(equal, 4, 2)).toThrow(message);
    expect(() => fitWhitening(new Float32Array(12), 4, 2)).toThrow(message);
    expect(() => fitWhitening(Float32Array.from(equal, (x, i) => x + 2e-7 * i), 4, 2)).toThrow(message); // prettier-ignore
    expect(() => fitWhitening(Float32Array.from(equal, (x, i) => x + 2e-4 * i), 4, 2)).not.toThrow(); // prettier-ignore
  });
});
