import { costOfSimilarItems, costOfRecommendations } from '../../../graphql/common/cost';
import { BEAM_WIDTH } from '../../../models/config';

describe('costOfRecommendations', () => {
  it.each([
    [{ first: 10 }, 50 + 10 * 3],
    // A beam that is narrower than usual costs no less, a wider one costs more in proportion.
    [{ first: 10, options: { beamWidth: 5 } }, 50 + 10 * 3],
    [{ first: 10, options: { beamWidth: 40 } }, 100 + 10 * 3],
    [{ first: 10, options: { filter: { brands: ['mug'] } } }, 50 + 50 + 10 * 3],
    [{ first: -5 }, 50 + 3],
    [{ first: 1, options: null }, 50 + 3],
  ])('of %j is %d', (args, cost) => {
    expect(costOfRecommendations({ args, childComplexity: 3 })).toBe(cost);
  });

  it('takes the beam width that is served for the usual one', () => {
    const costOf = (beamWidth: number) =>
      costOfRecommendations({ args: { options: { beamWidth } }, childComplexity: 0 });
    expect(costOf(BEAM_WIDTH)).toBe(50);
    expect(costOf(BEAM_WIDTH + 1)).toBeGreaterThan(50);
  });
});

describe('costOfSimilarItems', () => {
  it('is 100 for the queries up the trie, which are made for one item alone, and the rows', () => {
    expect(costOfSimilarItems({ args: { first: 4 }, childComplexity: 2 })).toBe(5 * 20 + 4 * 2);
  });
});
