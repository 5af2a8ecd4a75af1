import { codebookUse, perplexity } from '../../../models/semantic-id/codebook-use';

describe('codebookUse', () => {
  it('counts codes, their share and their perplexity a level, and looks no further', () => {
    const ids = [[0, 1, 9], [0, 2, 9], [1, 3, 9], [1, 0, 9]]; // prettier-ignore
    const [coarse, fine] = codebookUse(ids, { numLevels: 2, codebookSize: 8 });
    expect(coarse).toMatchObject({
      level: 0,
      size: 8,
      usedCodes: 2,
      usedShare: 0.5,
      histogram: [2, 2, 0, 0, 0, 0, 0, 0],
    });
    expect(coarse.perplexity).toBeCloseTo(2, 10);
    expect(fine).toMatchObject({ usedCodes: 4, usedShare: 1 });
    expect(fine.perplexity).toBeCloseTo(4, 10);
  });

  it('answers zeros for no items', () => {
    expect(codebookUse([], { numLevels: 1, codebookSize: 2 })[0]).toMatchObject({
      usedCodes: 0,
      usedShare: 0,
      perplexity: 0,
    });
  });
});

describe('perplexity', () => {
  it('is the number of codes where all are used alike, and between where they are not', () => {
    expect(perplexity([3, 0, 3, 3])).toBeCloseTo(3, 12);
    // Shares ½, ¼, ¼: entropy ½ ln 2 + 2 · ¼ ln 4 = 1.5 ln 2.
    expect(perplexity([2, 1, 1])).toBeCloseTo(2 ** 1.5, 12);
    expect(perplexity([0, 0])).toBe(0);
  });
});
