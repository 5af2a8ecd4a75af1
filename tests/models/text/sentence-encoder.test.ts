import { normaliseRows, ngramVector, embeddingFault } from '../../../models/text/sentence-encoder';

describe('normaliseRows', () => {
  it('scales each row to length 1, in place', () => {
    const vectors = Float32Array.of(3, 4, 0, -2);
    expect(normaliseRows(vectors, 2)).toBe(vectors);
    expect(vectors).toEqual(Float32Array.of(0.6, 0.8, 0, -1));
  });

  it.each([
    ['only zeros', [0, 0]],
    ['a number that is none', [1, NaN]],
  ])('names the row that has %s', (_, row) => {
    expect(() => normaliseRows(Float32Array.of(1, 1, ...row), 2)).toThrow(/^vector 1: expected finite numbers/);
  });
});

const DIMS = 512;

function vectorOf(text: string): Float32Array {
  const vector = ngramVector(text, DIMS);
  if (vector === null) throw new Error(`expected a vector of ${text}`);
  return vector;
}

function cosine(a: string, b: string): number {
  const [x, y] = [vectorOf(a), vectorOf(b)];
  const dot = (p: Float32Array, q: Float32Array) => p.reduce((sum, value, i) => sum + value * q[i], 0);
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

describe('ngramVector', () => {
  it.each([
    ['Korean', '빨간 도자기 머그컵 350ml', '파란 도자기 머그컵 350ml', '접이식 캠핑 의자'],
    ['Russian', 'Кружка керамическая красная', 'Кружки керамические синие', 'Складной стул для кемпинга'],
    ['Arabic', 'كوب سيراميك أحمر', 'كوب سيراميك أزرق', 'كرسي تخييم قابل للطي'],
    ['Thai', 'แก้วเซรามิกสีแดง', 'แก้วเซรามิกสีน้ำเงิน', 'เก้าอี้พับตั้งแคมป์'],
  ])('puts similar titles nearer than others in %s', (_, title, similar, other) => {
    expect(cosine(title, similar)).toBeGreaterThan(0.4);
    expect(Math.abs(cosine(title, other))).toBeLessThan(0.25);
  });

  it('is the same at each call and on each machine', () => {
    expect(vectorOf('Красная кружка')).toEqual(vectorOf('Красная кружка'));
    const places = [...vectorOf('茶')].flatMap((value, place) => (value === 0 ? [] : [[place, value]]));
    expect(places).toEqual([[173, -1], [221, 1], [462, 1]]); // prettier-ignore
  });

  it.each([
    ['no text', ''],
    ['emoji', '🎁🎄'],
    ['figures', '12 × 30'],
    ['Latin letters', 'Größe 12 weiß. Category: Küche.'],
    ['as many Latin letters as others', 'mug чай'],
  ])('leaves %s to the sentence encoder', (_, text) => {
    expect(ngramVector(text, DIMS)).toBeNull();
  });
});

describe('embeddingFault', () => {
  it('finds nothing wrong with finite numbers of which one is not zero', () => {
    expect(embeddingFault([0, -1e-30, 0])).toBeNull();
  });

  it.each([
    [[1, NaN], 'finite numbers', 'NaN'],
    [[1, 1e39], 'finite numbers', '1e+39'], // infinite as float32
    [[0, 0], 'numbers that are not all zero', 'zeros'],
    [[0, 1e-60], 'numbers that are not all zero', 'zeros'], // zero as float32
  ])('refuses %j', (embedding, expected, got) => {
    expect(embeddingFault(embedding)).toEqual({ expected, got });
  });
});
