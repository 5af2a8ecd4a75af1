import { usesNeighbours } from '../../../models/serving/tiger-parts';

describe('usesNeighbours', () => {
  const seenKept = (neighbourShare: number) => ({
    itemHeadShare: 0.5,
    neighbourShare,
    neighbourDecay: 1,
    repeatShare: 0,
    repeatDecay: 1,
  });

  it.each([
    ['neither kind of list', { itemHeadShare: 0.5 }, false],
    ['neither kind of list, as it says', { itemHeadShare: 0.5, neighbourShare: 0, seenKept: seenKept(0) }, false],
    ['lists without seen items', { itemHeadShare: 0.5, neighbourShare: 0.2, seenKept: seenKept(0) }, true],
    ['lists with seen items', { itemHeadShare: 0.5, neighbourShare: 0, seenKept: seenKept(0.2) }, true],
  ])('says whether a model has neighbours in %s', (_, fusion, expected) => {
    expect(usesNeighbours(fusion)).toBe(expected);
  });
});
