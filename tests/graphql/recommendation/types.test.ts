import 'reflect-metadata';

import type { RecommendationRecord } from '../../../graphql/recommendation/records';
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
  const list = { modelVersionId: 7, catalogueVersion: 12, emptyReason: null };

  it('ranks the list from 1, with a cursor of its own for each rank', () => {
    const page = toRecommendationPage({ ...list, recommendations: [recommendation(9), recommendation(4)] }, {});
    expect(page.edges.map(({ node }) => node)).toEqual([
      { ...recommendation(9), rank: 1 },
      { ...recommendation(4), rank: 2 },
    ]);
    const cursors = page.edges.map(({ cursor }) => Buffer.from(cursor, 'base64url').toString());
    expect(cursors).toEqual(['rank:1', 'rank:2']);
    expect(page).toMatchObject(list);
  });

  it('has the reason of an empty list', () => {
    const page = toRecommendationPage({ ...list, emptyReason: 'ALL_SEEN', recommendations: [] }, {});
    expect(page).toMatchObject({ edges: [], emptyReason: 'ALL_SEEN' });
  });

  it('is a list of its own for feedback where the request names a placement', () => {
    const pageOf = (placement?: string) =>
      toRecommendationPage({ ...list, recommendations: [] }, { placement, userId: 3 });
    expect(pageOf().shown).toBeNull();
    expect(pageOf('home').shown).toMatchObject({ placement: 'home', userId: 3, modelVersionId: 7 });
    expect(pageOf('home').shown!.key).not.toBe(pageOf('home').shown!.key);
  });
});
