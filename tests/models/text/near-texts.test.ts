import { createRandom } from '../../../models/math/random';
import { Rows } from '../../../models/math/rows';
import { nearestTexts } from '../../../models/text/near-texts';
import { TextSpace } from '../../../models/text/text-space';
import { principalAxes } from '../../../models/text/whitening';

const DIMS = 6;
const ITEMS = 40;

describe('nearestTexts', () => {
  const random = createRandom(5);
  // Along the first numbers texts vary far more than along the last.
  const draw = (rows: number) =>
    Float32Array.from({ length: rows * DIMS }, (_, i) => random.normal() / (1 + (i % DIMS)));
  const vectors = draw(ITEMS);
  const query = draw(1);
  const space = TextSpace.by(principalAxes(vectors, DIMS)!);
  const { data } = space.itemTable(vectors);
  const table = new Rows(data as Float32Array, DIMS);
  const text = { direction: space.directions(query), variances: space.variances(DIMS) };

  it('ranks by the cosine of the centred vectors, not of the whitened ones', () => {
    const rows = new Rows(vectors, DIMS);
    const mean = Array.from({ length: DIMS }, (_, d) => rows.all().reduce((sum, row) => sum + row[d], 0) / ITEMS);
    const centred = (vector: Float32Array) => Array.from(vector, (x, d) => x - mean[d]);
    const dot = (a: number[], b: number[]) => a.reduce((sum, x, d) => sum + x * b[d], 0);
    const ofQuery = centred(query);
    const cosines = rows.all().map((row) => dot(centred(row), ofQuery) / Math.sqrt(dot(centred(row), centred(row))));
    const expected = [...cosines.keys()].sort((a, b) => cosines[b] - cosines[a]);
    expect(nearestTexts(text, table, () => true, ITEMS)).toEqual(expected);
    expect(nearestTexts(text, table, (row) => row % 2 === 0, 5)).toEqual(
      expected.filter((row) => row % 2 === 0).slice(0, 5),
    );
  });

  it('leaves out items without a text', () => {
    const blank = new Rows(table.values.slice(), DIMS);
    blank.set(3, new Float32Array(DIMS)); // row 2 of the items
    expect(nearestTexts(text, blank, () => true, ITEMS)).not.toContain(2);
  });
});
