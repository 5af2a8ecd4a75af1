/** A list of recommendations as a connection. */
import { type Connection, toConnection } from '../common/connection';
import type { RecommendationList, RecommendationRecord } from './records';

interface RankedRecommendation extends RecommendationRecord {
  /** The best has 1. */
  readonly rank: number;
}

export interface RecommendationPage
  extends Connection<RankedRecommendation>, Omit<RecommendationList, 'recommendations'> {}

/** The connection has the whole list: no page follows it, and its cursors only tell the ranks apart. */
export function toRecommendationPage({ recommendations, ...list }: RecommendationList): RecommendationPage {
  const edges = recommendations.map((recommendation, index) => {
    const rank = index + 1;
    return { node: { ...recommendation, rank }, cursor: Buffer.from(`rank:${rank}`).toString('base64url') };
  });
  return { ...list, ...toConnection({ edges, hasNextPage: false }) };
}
