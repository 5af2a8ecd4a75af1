import { createRandom } from '../../../models/math/random';
import { featuresOf, fitCollaborativeMap, joinFeatures } from '../../../models/semantic-id/collaborative';

const ITEMS = 4000;
const TEXT = 3;

/** White text features, and collaborative ones that are a known map of them. */
function sample() {
  const random = createRandom(3);
  const text = Float32Array.from({ length: ITEMS * TEXT }, () => random.normal());
  const truth = [
    [1, -2, 0.5],
    [0, 3, 1],
  ];
  const collaborative = Float32Array.from({ length: ITEMS * 2 }, (_, i) =>
    truth[i % 2].reduce((sum, weight, d) => sum + weight * text[Math.floor(i / 2) * TEXT + d], 0),
  );
  return { text, truth, collaborative };
}

describe('fitCollaborativeMap', () => {
  it('is what was worked out by hand', () => {
    // White: both columns have variance 1 and no correlation. The features are 2a − b and 3b.
    const text = Float32Array.of(1, 1, 1, -1, -1, 1, -1, -1);
    const collaborative = Float32Array.of(1, 3, 3, -3, -3, 3, -1, -3);
    expect([...fitCollaborativeMap(text, collaborative, 4)]).toEqual([2, -1, 0, 3]);
  });

  it('finds the map between white text features and what they foretell', () => {
    const { text, truth, collaborative } = sample();
    const map = fitCollaborativeMap(text, collaborative, ITEMS);
    truth.flat().forEach((weight, i) => expect(Math.abs(map[i] - weight)).toBeLessThan(0.2));
  });
});

describe('joinFeatures', () => {
  const map = Float32Array.of(1, 0, 0, 0, 1, 0);

  it('gives both halves of a row the same length', () => {
    const joined = joinFeatures(Float32Array.of(3, 4, 0), TEXT, Float32Array.of(0, 7), map);
    expect(Array.from(joined)).toEqual([0.6, 0.8, 0, 0, 1].map((x) => expect.closeTo(x * Math.sqrt(TEXT), 5)));
  });

  it('does each row by itself, and takes what is given for one item and foretells it for the next', () => {
    const text = Float32Array.of(3, 4, 0, 0, 0, 5, 4, 3, 0);
    const joined = joinFeatures(text, TEXT, Float32Array.of(0, 0, -2, 0, 0, 0), map);
    const rows = [0.6, 0.8, 0, 0.6, 0.8, 0, 0, 1, -1, 0, 0.8, 0.6, 0, 0.8, 0.6];
    expect(Array.from(joined)).toEqual(rows.map((x) => expect.closeTo(x * Math.sqrt(TEXT), 5)));
  });

  it('leaves a row of zeros at zero', () => {
    expect(Array.from(joinFeatures(new Float32Array(3), TEXT, null, map))).toEqual([0, 0, 0, 0, 0]);
  });

  it.each([
    ['null', null],
    ['zeros', Float32Array.of(0, 0)],
  ])('foretells from the text what is %s', (_, given) => {
    const joined = joinFeatures(Float32Array.of(3, 4, 0), TEXT, given, map);
    expect(Array.from(joined.subarray(TEXT))).toEqual([0.6, 0.8].map((x) => expect.closeTo(x * Math.sqrt(TEXT), 5)));
  });
});

describe('featuresOf', () => {
  const text = Float32Array.of(3, 4, 0);

  it('is the text alone where nothing maps it to collaborative features', () => {
    expect(featuresOf(text, Float32Array.of(1, 2), null)).toBe(text);
  });

  it('joins the collaborative features where something does', () => {
    const map = Float32Array.of(1, 0, 0, 0, 1, 0);
    const given = Float32Array.of(0, 7);
    expect(featuresOf(text, given, { shape: [2, 3], data: map })).toEqual(joinFeatures(text, TEXT, given, map));
  });
});
