/** Pages of a list. A cursor names the items of all pages so far, so that no item comes twice, and the versions that made the last one. */
import { z } from 'zod';

import type { RecommendationList } from '../../graphql/recommendation/records';
import { cursorsOf, decodeCursor, encodeCursor } from '../storage/cursor-pages';

/** A list goes on for so many items at most: its cursor names those that were in it. */
const MAX_PAGED = 500;

/** The versions that made the page before, and the items of all pages so far. */
export interface Continuation extends Pick<RecommendationList, 'modelVersionId' | 'catalogueVersion'> {
  readonly itemIds: readonly number[];
}

const CURSORS = cursorsOf(
  'recommendations',
  z.tuple([z.int32().nullable(), z.int32(), z.array(z.int32()).max(MAX_PAGED)]),
  ({ modelVersionId, catalogueVersion, itemIds }: Continuation): [number | null, number, number[]] => [
    modelVersionId,
    catalogueVersion,
    [...itemIds],
  ],
);

/** @throws {GraphQLError} When it is no cursor of a list. */
export function continuationOf(cursor: string): Continuation {
  const [modelVersionId, catalogueVersion, itemIds] = decodeCursor(cursor, CURSORS);
  return { modelVersionId, catalogueVersion, itemIds };
}

/** @param isMore - Whether more items qualify. */
export function pageOf(
  {
    recommendations,
    modelVersionId,
    catalogueVersion,
  }: Pick<RecommendationList, 'recommendations' | 'modelVersionId' | 'catalogueVersion'>,
  before: Continuation | null,
  isMore: boolean,
): Pick<RecommendationList, 'position' | 'hasNextPage' | 'startCursor' | 'endCursor' | 'versionsChanged'> {
  const position = before?.itemIds.length ?? 0;
  const itemIds = [...(before?.itemIds ?? []), ...recommendations.map(({ itemId }) => itemId)];
  const cursorAfter = (items: number) =>
    recommendations.length === 0
      ? null
      : encodeCursor(CURSORS, { modelVersionId, catalogueVersion, itemIds: itemIds.slice(0, items) });
  return {
    position,
    hasNextPage: isMore && itemIds.length < MAX_PAGED,
    startCursor: cursorAfter(position + 1),
    endCursor: cursorAfter(itemIds.length),
    versionsChanged:
      before !== null && (before.modelVersionId !== modelVersionId || before.catalogueVersion !== catalogueVersion),
  };
}
