import { randomBytes } from 'node:crypto';

import { GraphQLDateTime } from 'graphql-scalars';
import { Float, Int, ObjectType } from 'type-graphql';

import { PageInfo } from '../common/connection';
import { Field, Nullable } from '../common/field';
import { enumOf } from '../common/types';
import type { Recommender } from '../context';
import type { ListRecord } from '../feedback/records';
import { InteractionKind } from '../interaction/types';
import type { RecommendationRecord } from './records';
import type * as records from './records';

export const ListReason = enumOf('ListReason', 'Why a list is what it is.', {
  MODEL: 'A model made it. Where the model had too little to offer, trending and popular items follow.',
  TRENDING:
    'It has what users take now: there is no history with an item that the model knows, or no active model. Popular items may follow.',
  POPULAR:
    'It has the items that most users took on most days of all time: as TRENDING, but nothing that qualifies is trending.',
  NEWEST: 'It has the newest items: as POPULAR, but nobody did anything yet with what qualifies.',
  FILTER_ADMITS_NOTHING: 'It is empty: no item of the catalogue passes the filter.',
  ALL_SEEN:
    'It is empty: the user has bought every item that qualifies, or taken it out of lists by an interaction of another such kind, and `includeSeen` was not asked for; or has dismissed the others, or was shown them since `excludeShownSince` or on the pages before.',
  NO_FALLBACK: 'It is empty: no model could make it, and the placement says that nothing fills it.',
  EMPTY_CATALOGUE: 'It is empty: there are no items.',
});
export type ListReason = keyof typeof ListReason;

export const TrendingWindow = enumOf('TrendingWindow', 'Of what time trending items are.', {
  DAY: 'The last 24 hours.',
  WEEK: 'The last 7 days.',
  MONTH: 'The last 30 days.',
});
export type TrendingWindow = keyof typeof TrendingWindow;

export const RecommendationSource = enumOf('RecommendationSource', 'How a recommendation came about.', {
  GENERATED: 'The decoder wrote its semantic ID, and gave the largest part of its probability.',
  ITEM_HEAD:
    'The item head, which knows the items of the training by vectors of their own, gave the largest part of its probability.',
  EVIDENCE:
    'Counts and texts, which no model learns, gave the largest part: what is bought near the items of the history, the items taken before, popular items and near texts.',
  COLD_START:
    'It stands in a place kept for items that the model has not learned yet: only their semantic IDs and texts are known.',
  TRENDING:
    'It is among the items that most users took in the last week, or the window asked for; otherwise as POPULARITY.',
  POPULARITY:
    'It is among the most popular items or, where nobody did anything yet, the newest; no model is active, the history is empty or has no item with a semantic ID, or the ' +
    'model had too little to offer.',
});
export type RecommendationSource = keyof typeof RecommendationSource;

@ObjectType({ description: 'A step of writing a semantic ID: a code, and how likely it was.', simpleResolvers: true })
export class CodeStep {
  @Field(() => Int, '0 is the coarsest.')
  readonly level!: number;

  @Field(() => Int, 'The code chosen.')
  readonly code!: number;

  @Field(() => Float, 'Natural-log probability among the codes that lead to items; the sum is `decoderScore`.')
  readonly logProbability!: number;
}

export const AppliedRuleKind = enumOf('AppliedRuleKind', 'What moved an item.', {
  PIN: 'It has its place by a pin.',
  BOOST: 'Its rank counts its probability times a factor; below 1 it was buried.',
});
export type AppliedRuleKind = keyof typeof AppliedRuleKind;

@ObjectType({ description: 'A rule of the placement that moved an item.', simpleResolvers: true })
export class AppliedRule {
  @Field(() => AppliedRuleKind, 'What it does.')
  readonly kind!: AppliedRuleKind;

  @Field(() => Int, "Which one of the state's rules it is, from 0.")
  readonly position!: number;

  @Nullable(() => Float, 'The factor of a boost.')
  readonly factor!: number | null;

  @Nullable(() => Int, 'The place of a pin.')
  readonly place!: number | null;
}

@ObjectType({ description: 'An item of the history that counts for a recommendation.', simpleResolvers: true })
export class Because {
  @Nullable(
    () => Float,
    "By how much the natural log of the recommendation's probability is lower when the history does not have the item; null when it " +
      'is the only one of the history. With few items in it, others take over what one says: drops do not add up.',
  )
  readonly drop!: number | null;

  @Field(() => InteractionKind, 'What was last done with it; VIEW for items that the request names.')
  readonly kind!: InteractionKind;

  @Field(() => GraphQLDateTime, 'When that was; now for items that the request names.')
  readonly at!: Date;
}

@ObjectType({ description: 'An item, and why it is here.', simpleResolvers: true })
export class Recommendation {
  @Field(() => Int, 'Place in the list, counted over its pages; the best has 1.')
  readonly rank!: number;

  @Field(
    () => Float,
    'Natural log of the probability that the item comes next, given the history: exp(text-weight * cosine of the texts) times the sum, ' +
      'over the parts of the model, of share * probability, divided by the sum of that over all live items. The metrics `share.…` and ' +
      '`text-weight` of the model version say how much each part counts; lists with seen items have those under `seen-kept.`, if the ' +
      'version has such. With a temperature above 0 the decoder alone gives it. ' +
      "For POPULARITY it is the log of the item's share of what counts, a user once an item and day; for TRENDING of that in the window.",
  )
  readonly score!: number;

  @Field(() => RecommendationSource, 'How it came about.')
  readonly source!: RecommendationSource;

  @Nullable(() => Float, "The decoder's natural-log probability of the semantic ID; null: no beam came to it.")
  readonly decoderScore!: number | null;

  @Nullable(() => Float, "The item head's natural-log probability of the item, if it has learned it.")
  readonly itemHeadScore!: number | null;

  @Nullable(() => [AppliedRule], 'The rules of the placement that moved it; null for callers without a key.')
  readonly rules?: readonly records.AppliedRule[] | null;
}

@ObjectType({ description: 'A prefix of semantic IDs whose items a list has moved up or down.', simpleResolvers: true })
export class SteeredBy {
  @Field(() => Float, 'How many times the probability of its items counts for their rank; below 1: moved down.')
  readonly weight!: number;

  @Nullable(() => String, 'The part of `steer` that asks for it; null for one of `more` or `less`.')
  readonly text!: string | null;
}

/** Parts of the past that a list of the past does not bring back. */
const NOT_REPLAYED = [
  'The stock, dates, groups and other fields of items are those of now; items that were removed since come back where no filter is given.',
  'Items, users and interactions that were deleted since are missing.',
  'Dismissals, what was shown, and placements with their rules are those of now.',
  'Items from TRENDING and POPULARITY are those of now.',
];

@ObjectType({ description: 'What a list of the past is, and what it is not.', simpleResolvers: true })
export class Replayed {
  @Field(() => GraphQLDateTime, 'Interactions after it are left out.')
  readonly time!: Date;

  @Field(() => [String], 'What is as it is now, in sentences.')
  readonly notReplayed!: readonly string[];
}

@ObjectType('RecommendationList', {
  description: 'A page of a list, by one model and catalogue version.',
  simpleResolvers: true,
})
export class RecommendationList {
  @Field(() => [Recommendation], 'The items.')
  readonly nodes!: readonly RankedRecommendation[];

  @Field(() => ListReason, 'Why it is what it is, also where it is empty.')
  readonly reason!: ListReason;

  @Field(() => PageInfo, 'Whether more items follow. A list goes on for 500 items at most.')
  readonly pageInfo!: PageInfo;

  @Field(() => Boolean, 'Whether other versions made the page before. No item comes twice all the same.')
  readonly versionsChanged!: boolean;

  @Field(() => Boolean, 'Whether it may have what the user has already: see `includeSeen`.')
  readonly includesSeen!: boolean;

  @Nullable(() => Replayed, 'The past that it was made for; null for a list of now.')
  readonly replayed!: Replayed | null;

  @Field(() => [SteeredBy], 'What `more`, `less` and `steer` were understood as; none where no model made the list.')
  readonly steeredBy!: readonly records.SteeredByRecord[];

  @Field(() => [String], 'External IDs of the request that no item has; they were skipped.')
  readonly skippedItems!: readonly string[];

  @Field(() => Int, 'The catalogue version that it was made from.')
  readonly catalogueVersion!: number;

  @Nullable(() => Int, "The number of the placement's state that was in force; null: none is stored.")
  readonly placementState!: number | null;
}

/** A recommendation in its list. */
export interface RankedRecommendation extends RecommendationRecord {
  /** The best has 1. */
  readonly rank: number;
  /** Finds what the recommendations of the list are due to, all at once; absent: no history is behind them. */
  readonly because?: () => ReturnType<Recommender['because']>;
}

export interface RecommendationPage extends Omit<
  records.RecommendationList,
  'recommendations' | 'position' | 'hasNextPage' | 'startCursor' | 'endCursor'
> {
  readonly nodes: readonly RankedRecommendation[];
  readonly pageInfo: PageInfo;
  /** Null: it is not said where it is shown. */
  readonly shown: ListRecord | null;
  readonly replayed: Replayed | null;
}

/** Where and to whom a list is shown. */
interface Showing {
  readonly placement?: string | null;
  readonly user?: ListRecord['user'];
  readonly armId?: number | null;
  readonly because?: (itemIds: readonly number[]) => ReturnType<Recommender['because']>;
  /** Absent or null: it is a list of now. */
  readonly replayed?: Pick<Replayed, 'time'> | null;
}

const KEY_BYTES = 9;

export function toRecommendationPage(
  { recommendations, position, hasNextPage, startCursor, endCursor, ...list }: records.RecommendationList,
  { placement, user = null, armId = null, because, replayed = null }: Showing,
): RecommendationPage {
  const itemIds = recommendations.map(({ itemId }) => itemId);
  let found: ReturnType<Recommender['because']> | undefined;
  const ofAll = because && { because: () => (found ??= because(itemIds)) };
  const nodes = recommendations.map((recommendation, index) => ({
    ...recommendation,
    ...ofAll,
    rank: position + index + 1,
  }));
  const pageInfo = { hasNextPage, hasPreviousPage: false, startCursor, endCursor };
  const { modelVersionId } = list;
  const shown = placement == null ? null : { ...newList(), placement, user, modelVersionId, armId, itemIds };
  return { ...list, nodes, pageInfo, shown, replayed: replayed && { ...replayed, notReplayed: NOT_REPLAYED } };
}

function newList(): Pick<ListRecord, 'key' | 'madeAt'> {
  return { key: randomBytes(KEY_BYTES).toString('base64url'), madeAt: new Date() };
}
