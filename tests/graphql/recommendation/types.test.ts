import 'reflect-metadata';

import type { RecommendationList, RecommendationRecord } from '../../../graphql/recommendation/records';
import { toRecommendationPage } from '../../../graphql/recommendation/types';

const recommendation = (itemId: number): RecommendationRecord => ({
  itemId,
  score: -itemId,
  source: 'GENERATED',
  decoderScore: -itemId,
  itemHeadScore: null,
  codes: [itemId],
  logProbabilities: [-itemId],
});

describe('toRecommendationPage', () => {
  const list: RecommendationList = {
    ...{ modelVersionId: 7, catalogueVersion: 12, reason: 'MODEL', includesSeen: false },
    ...{ skippedItems: [], steeredBy: [], versionsChanged: false, placementState: null },
    ...{ recommendations: [], position: 0, hasNextPage: false, startCursor: null, endCursor: null },
  };

  it('ranks from 1, and on from the pages before', () => {
    const ranksOf = (position: number) =>
      toRecommendationPage({ ...list, position, recommendations: [9, 4].map(recommendation) }, {}).nodes;
    expect(ranksOf(0)).toEqual([9, 4].map((itemId, index) => ({ ...recommendation(itemId), rank: index + 1 })));
    expect(ranksOf(20).map(({ rank }) => rank)).toEqual([21, 22]);
  });

  it('is a list of its own for feedback where the request names a placement', () => {
    const pageOf = (placement?: string) => toRecommendationPage(list, { placement, user: 3 });
    expect(pageOf().shown).toBeNull();
    expect(pageOf('home').shown).toMatchObject({ placement: 'home', user: 3, modelVersionId: 7, itemIds: [] });
    expect(pageOf('home').shown!.key).not.toBe(pageOf('home').shown!.key);
  });
});
