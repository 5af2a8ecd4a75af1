import fc from 'fast-check';

import type { HostTensor } from '../../../models/compute/device';
import { createRandom } from '../../../models/math/random';
import { exemplarsOf, foretell, joinFeatures } from '../../../models/semantic-id/collaborative';

const TEXT = 3;

function tensor(shape: readonly number[], ...values: number[]): HostTensor {
  return { shape, data: Float32Array.from(values) };
}

/** Two kinds of text, and what items with such texts have. */
const EXEMPLARS = { texts: tensor([2, TEXT], 1, 0, 0, 0, 1, 0), features: tensor([2, 2], 5, 0, 0, -2) };

function directionOf(vector: ArrayLike<number>): number[] {
  const length = Math.hypot(...Array.from(vector));
  return Array.from(vector, (x) => x / length);
}

describe('exemplarsOf', () => {
  it('are the items with collaborative features, and the directions of their texts', () => {
    const text = Float32Array.of(3, 0, 4, 9, 9, 9, 0, -2, 0);
    const exemplars = exemplarsOf(text, Float32Array.of(1, 2, 0, 0, 0, 7), 3);
    expect(exemplars.features).toEqual(tensor([2, 2], 1, 2, 0, 7));
    expect(exemplars.texts.shape).toEqual([2, TEXT]);
    expect(Array.from(exemplars.texts.data)).toEqual([0.6, 0, 0.8, 0, -1, 0].map((x) => expect.closeTo(x, 6)));
  });

  it('are none where nothing was bought near anything', () => {
    const exemplars = exemplarsOf(new Float32Array(2 * TEXT).fill(1), new Float32Array(4), 2);
    expect([exemplars.texts.shape, exemplars.features.shape]).toEqual([[0, TEXT], [0, 2]]); // prettier-ignore
    expect([...foretell(Float32Array.of(1, 2, 3), exemplars)]).toEqual([0, 0]);
  });
});

describe('foretell', () => {
  it('says of a text what an exemplar with the same text has', () => {
    expect(directionOf(foretell(Float32Array.of(7, 0, 0), EXEMPLARS))).toEqual([1, 0]);
    expect(directionOf(foretell(Float32Array.of(0, 0.1, 0), EXEMPLARS))).toEqual([0, -1]);
  });

  it('weighs exemplars by the fourth power of the cosine', () => {
    // Cosines .8 and .6.
    const foretold = foretell(Float32Array.of(8, 6, 0), EXEMPLARS);
    expect(Array.from(foretold)).toEqual([5 * 0.8 ** 4, -2 * 0.6 ** 4].map((x) => expect.closeTo(x, 5)));
  });

  it('does each row by itself, however many there are', () => {
    const random = createRandom(5);
    const texts = Float32Array.from({ length: 40 * TEXT }, () => random.normal());
    const exemplars = exemplarsOf(
      texts,
      Float32Array.from({ length: 80 }, () => random.normal()),
      40,
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: TEXT, maxLength: TEXT }), {
          minLength: 1,
          maxLength: 150,
        }),
        (rows) => {
          const together = foretell(Float32Array.from(rows.flat()), exemplars);
          const alone = rows.flatMap((row) => Array.from(foretell(Float32Array.from(row), exemplars)));
          expect(Array.from(together)).toEqual(alone);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('joinFeatures', () => {
  it('gives both halves of a row the same length', () => {
    const joined = joinFeatures(Float32Array.of(3, 4, 0), TEXT, Float32Array.of(0, 7), EXEMPLARS);
    expect(Array.from(joined)).toEqual([0.6, 0.8, 0, 0, 1].map((x) => expect.closeTo(x * Math.sqrt(TEXT), 5)));
  });

  it('does each row by itself, and takes what is given for one item and foretells it for the next', () => {
    const text = Float32Array.of(0, 4, 0, 0, 0, 5, 4, 0, 0);
    const joined = joinFeatures(text, TEXT, Float32Array.of(0, 0, -2, 0, 0, 0), EXEMPLARS);
    const rows = [0, 1, 0, 0, -1, 0, 0, 1, -1, 0, 1, 0, 0, 1, 0];
    expect(Array.from(joined)).toEqual(rows.map((x) => expect.closeTo(x * Math.sqrt(TEXT), 5)));
  });

  it('leaves a row of zeros at zero', () => {
    expect(Array.from(joinFeatures(new Float32Array(3), TEXT, null, EXEMPLARS))).toEqual([0, 0, 0, 0, 0]);
  });

  it('is the text alone where there are no collaborative features', () => {
    const text = Float32Array.of(3, 4, 0);
    expect(joinFeatures(text, TEXT, null, null)).toBe(text);
  });
});
