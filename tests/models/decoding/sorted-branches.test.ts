import fc from 'fast-check';

import { sortedBranches } from '../../../models/decoding/sorted-branches';

type Id = readonly number[];

function byCodes(a: Id, b: Id): number {
  const level = a.findIndex((code, at) => code !== b[at]);
  return level < 0 ? 0 : a[level] - b[level];
}

describe('sortedBranches', () => {
  it('sorts as a comparison of whole IDs does, for few and for many IDs with the same codes before', () => {
    const tables = fc
      .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 5 }))
      .chain(([idLength, codebookSize]) => {
        const code = fc.integer({ min: 0, max: codebookSize - 1 });
        const ids = fc.array(fc.array(code, { minLength: idLength, maxLength: idLength, size: 'max' }), {
          maxLength: 120,
          size: 'max',
        });
        return fc.record({ idLength: fc.constant(idLength), codebookSize: fc.constant(codebookSize), ids });
      });
    fc.assert(
      fc.property(tables, ({ idLength, codebookSize, ids }) => {
        const branches = [...sortedBranches({ idLength, codebookSize, codes: Int32Array.from(ids.flat()) })];
        const rows = branches.flatMap((rows) => [...rows]);
        expect(rows.map((row) => ids[row])).toEqual(ids.toSorted(byCodes));
        expect(new Set(rows).size).toBe(ids.length);
        const firsts = branches.map((rows) => new Set(Array.from(rows, (row) => ids[row][0])));
        expect(firsts).toEqual([...new Set(ids.map(([first]) => first))].sort().map((first) => new Set([first])));
      }),
    );
  });
});
