/** A list of recommendations as a connection. */
import { randomBytes } from 'node:crypto';

import { type Connection, toConnection } from '../common/connection';
import type { ListRecord } from '../feedback/records';
import type { RecommendationList, RecommendationRecord } from './records';

interface RankedRecommendation extends RecommendationRecord {
  /** The best has 1. */
  readonly rank: number;
}

export interface RecommendationPage
  extends Connection<RankedRecommendation>, Omit<RecommendationList, 'recommendations'> {
  /** Null: it is not said where it is shown. */
  readonly shown: ListRecord | null;
}

/** Where and to whom a list is shown. */
interface Showing {
  readonly placement?: string | null;
  readonly userId?: number | null;
}

const KEY_BYTES = 9;

/** The connection has the whole list: no page follows it, and its cursors only tell the ranks apart. */
export function toRecommendationPage(
  { recommendations, ...list }: RecommendationList,
  { placement, userId = null }: Showing,
): RecommendationPage {
  const edges = recommendations.map((recommendation, index) => {
    const rank = index + 1;
    return { node: { ...recommendation, rank }, cursor: Buffer.from(`rank:${rank}`).toString('base64url') };
  });
  const shown = placement == null ? null : { ...newList(), placement, userId, modelVersionId: list.modelVersionId };
  return { ...list, ...toConnection({ edges, hasNextPage: false }), shown };
}

function newList(): Pick<ListRecord, 'key' | 'madeAt'> {
  return { key: randomBytes(KEY_BYTES).toString('base64url'), madeAt: new Date() };
}
