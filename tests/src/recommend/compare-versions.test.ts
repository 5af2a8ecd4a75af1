import type { RecommendationList } from '../../../graphql/recommendation/records';
import { comparisonOf } from '../../../src/recommend/compare-versions';

const listOf = (modelVersionId: number, ...itemIds: number[]) =>
  ({ modelVersionId, recommendations: itemIds.map((itemId) => ({ itemId })) }) as unknown as RecommendationList;

describe('comparisonOf', () => {
  it('gives what was worked out by hand', () => {
    // User 7 has 1 and 2 of three in common, both one place away; user 8 has the same list; user 9 has none in common.
    const pairs = [
      { userId: 7, active: listOf(1, 1, 2, 3), other: listOf(2, 2, 1, 4) },
      { userId: 8, active: listOf(1, 1, 2), other: listOf(2, 1, 2) },
      { userId: 9, active: listOf(1, 5), other: listOf(2, 6) },
    ];
    expect(comparisonOf(pairs, 10)).toEqual({
      users: 3,
      overlap: (2 / 3 + 1 + 0) / 3,
      sameFirst: 1 / 3,
      meanShift: (1 + 1 + 0 + 0) / 4,
      active: { modelVersionId: 1, items: 4, share: 0.4 },
      other: { modelVersionId: 2, items: 4, share: 0.4 },
      mostChanged: [9, 7],
    });
  });
});
