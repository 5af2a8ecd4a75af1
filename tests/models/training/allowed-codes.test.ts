import fc from 'fast-check';

import { AllowedCodes } from '../../../models/training/allowed-codes';

/** The codes that are allowed at each level of each target. */
function allowed(semanticIds: number[][], codebookSize: number, targets: number[][], weights: number[]) {
  const idLength = semanticIds[0].length;
  const { allowedCodes } = new AllowedCodes(semanticIds, codebookSize).of({
    targets: { shape: [targets.length, 1, idLength], data: Int32Array.from(targets.flat()) },
    weights: { shape: [targets.length, 1], data: Float32Array.from(weights) },
  });
  expect(allowedCodes.shape).toEqual([targets.length, 1, idLength, codebookSize]);
  const row = (at: number) => allowedCodes.data.subarray(at * codebookSize, (at + 1) * codebookSize);
  const codesOf = (at: number) => [...row(at).keys()].filter((code) => row(at)[code] === 0);
  return targets.map((_, t) => Array.from({ length: idLength }, (_l, level) => codesOf(t * idLength + level)));
}

describe('AllowedCodes', () => {
  it('equals a search through all items', () => {
    const id = fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4)).map((codes) => [...codes]);
    const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 40, selector: (codes) => codes.join() });
    fc.assert(
      fc.property(ids, (all) => {
        const following = (target: number[]) =>
          target.map((_, level) => {
            const same = all.filter((codes) => codes.slice(0, level).join() === target.slice(0, level).join());
            return [...new Set(same.map((codes) => codes[level]))].sort((a, b) => a - b);
          });
        const found = allowed(all, 5, all, new Array<number>(all.length).fill(1));
        expect(found).toEqual(all.map(following));
      }),
    );
  });
});
