import { randomBytes } from 'node:crypto';

import { Field, Float, Int, ObjectType } from 'type-graphql';

import { type Connection, connectionOf, toConnection } from '../common/connection';
import { enumOf } from '../common/types';
import type { ListRecord } from '../feedback/records';
import type * as records from './records';
import type { RecommendationList, RecommendationRecord } from './records';

export const EmptyReason = enumOf<records.EmptyReason>('EmptyReason', 'Why a list of recommendations is empty.', {
  FILTER_ADMITS_NOTHING: 'No item of the catalogue passes the filter.',
  ALL_SEEN:
    'The user has had every item that qualifies, and `includeSeen` was not asked for; or has dismissed the others, or was shown them since `excludeShownSince`.',
  EMPTY_CATALOGUE: 'There are no items.',
});

export const RecommendationSource = enumOf<records.RecommendationSource>(
  'RecommendationSource',
  'How a recommendation came about.',
  {
    GENERATED: 'The decoder wrote its semantic ID, and gave the largest part of its probability.',
    ITEM_HEAD:
      'The item head, which knows the items of the training by vectors of their own, gave the largest part of its probability.',
    EVIDENCE:
      'Counts and texts, which no model learns, gave the largest part: what is bought near the items of the history, the items taken before, popular items and near texts.',
    COLD_START:
      'It stands in a place kept for items that the model has not learned yet: only their semantic IDs and texts are known.',
    POPULARITY:
      'It is among the most popular items; no model is active, the history is empty or has no item with a semantic ID, or the ' +
      'model had too little to offer.',
  },
);

@ObjectType({
  description: 'One step of writing a semantic ID: the code chosen at a level, and how likely it was.',
  simpleResolvers: true,
})
export class CodeStep {
  @Field(() => Int, { description: '0 is the coarsest.' })
  readonly level!: number;

  @Field(() => Int, { description: 'The code chosen.' })
  readonly code!: number;

  @Field(() => Float, {
    description: "Natural-log probability, among the codes that lead to an item. The steps' sum is the `decoderScore`.",
  })
  readonly logProbability!: number;
}

@ObjectType({ description: 'An item, and why it is here.', simpleResolvers: true })
export class Recommendation {
  @Field(() => Int, { description: 'Place in the list; the best has 1.' })
  readonly rank!: number;

  @Field(() => Float, {
    description:
      'Natural log of the probability that the item comes next, given the history: exp(text-weight * cosine of the texts) times the sum, ' +
      'over the parts of the model, of share * probability, divided by the sum of that over all live items. The metrics `share.…` and ' +
      '`text-weight` of the model version say how much each part counts; lists with seen items have those under `seen-kept.`, if the ' +
      'version has such. With a temperature above 0 the decoder alone gives it. ' +
      "For POPULARITY it is the log of the item's share of all interactions.",
  })
  readonly score!: number;

  @Field(() => RecommendationSource, { description: 'How it came about.' })
  readonly source!: records.RecommendationSource;

  @Field(() => Float, {
    description:
      "The decoder's natural-log probability of the item's semantic ID; null when its beam has not come to the item.",
    nullable: true,
  })
  readonly decoderScore!: number | null;

  @Field(() => Float, {
    description:
      "The item head's natural-log probability of the item among the live items that it knows; null when the model has no item head, or has " +
      'not learned the item.',
    nullable: true,
  })
  readonly itemHeadScore!: number | null;
}

const Base = connectionOf(Recommendation, 'Recommendation');

@ObjectType('RecommendationConnection', {
  description: 'A list made whole by one model version on one catalogue version, best first.',
  simpleResolvers: true,
})
export class RecommendationConnection extends Base {
  @Field(() => Int, { description: 'The catalogue version that the list was made from.' })
  readonly catalogueVersion!: number;

  @Field(() => EmptyReason, {
    nullable: true,
    description: 'Why there is nothing in it; null when there is something.',
  })
  readonly emptyReason!: records.EmptyReason | null;
}

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
