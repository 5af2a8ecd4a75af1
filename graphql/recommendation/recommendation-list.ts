/** A list of recommendations as a connection. */
import { type Connection, toConnection } from '../common/connection';
import type { EmptyReason, RecommendationList, RecommendationRecord } from './records';

export interface RecommendationPage extends Connection<RecommendationRecord> {
  readonly modelVersionId: number | null;
  readonly catalogueVersion: number;
  readonly emptyReason: EmptyReason | null;
}

/** The list is whole: there is nothing behind it, and its cursors only tell the ranks apart. */
export function toRecommendationPage(list: RecommendationList): RecommendationPage {
  const edges = list.recommendations.map((node) => ({
    node,
    cursor: Buffer.from(`rank:${node.rank}`).toString('base64url'),
  }));
  return {
    ...toConnection({ edges, hasNextPage: false }),
    modelVersionId: list.modelVersionId,
    catalogueVersion: list.catalogueVersion,
    emptyReason: list.emptyReason,
  };
}
