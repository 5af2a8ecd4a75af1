import { HISTORY_DECAY } from '../../../models/config';
import { createRandom } from '../../../models/math/random';
import { historyDirection, TextSpace } from '../../../models/text/text-space';
import { principalAxes } from '../../../models/text/whitening';

const [ITEMS, DIMS] = [400, 4];
const random = createRandom(1);
// The first direction varies most and says least; item 1 has item 0's small details, item 2 its large one.
const vectors = Float32Array.from(
  { length: ITEMS * DIMS },
  (_, i) => 5 + random.normal() * (i % DIMS === 0 ? 10 : 0.1),
);
vectors.set([5, 5.3, 4.7, 5.3], 0);
vectors.set([9, 5.3, 4.7, 5.3], DIMS);
vectors.set([5, 4.7, 5.3, 5.3], 2 * DIMS);
const spaceOf = (rows: Float32Array) => TextSpace.by(principalAxes(rows, DIMS)!);
const space = spaceOf(vectors);
const directions = space.directions(vectors);
const row = (i: number) => directions.subarray(i * space.size, (i + 1) * space.size);
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);

describe('TextSpace', () => {
  it('gives directions of length 1', () => {
    for (let i = 0; i < ITEMS; i++) expect(dot(row(i), row(i))).toBeCloseTo(1, 5);
  });

  it('lets all directions count alike, however much texts vary in them', () => {
    expect(dot(row(0), row(1))).toBeGreaterThan(0.9);
    expect(dot(row(0), row(2))).toBeLessThan(0);
  });

  it('trusts variances less, the fewer items there are', () => {
    const few = spaceOf(vectors.slice(0, 5 * DIMS)).directions(vectors);
    const cosine = dot(few.subarray(0, DIMS), few.subarray(DIMS, 2 * DIMS));
    expect(cosine).toBeLessThan(dot(row(0), row(1)));
  });

  it('comes back from a checkpoint as it was', () => {
    expect(TextSpace.fromTensors(space.toTensors()).directions(vectors)).toEqual(directions);
  });
});

describe('historyDirection', () => {
  it('sums with the newest weighing most, and has length 1', () => {
    const direction = new Float32Array(2);
    historyDirection([Float32Array.of(1, 0), Float32Array.of(0, 1)], direction);
    const length = Math.hypot(HISTORY_DECAY, 1);
    expect([...direction]).toEqual([expect.closeTo(HISTORY_DECAY / length, 6), expect.closeTo(1 / length, 6)]);
  });
});
