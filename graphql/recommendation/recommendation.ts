import { Field, Float, Int, ObjectType } from 'type-graphql';

import { RecommendationSource } from './recommendation-source';
import type * as records from './records';

@ObjectType({ description: 'An item, and why it is here.', simpleResolvers: true })
export class Recommendation {
  @Field(() => Int, { description: 'Place in the list; the best has 1.' })
  readonly rank!: number;

  @Field(() => Float, {
    description:
      'Natural log of the probability that the item comes next, given the history. Both heads give it: ' +
      '(1 - share) * exp(decoderScore) + share * exp(itemHeadScore), where a score that is null adds nothing. The share is the metric ' +
      '`item-head.share` of the model version; for lists with seen items it is `seen-kept.item-head.share`, if the version has that. ' +
      'With a temperature above 0 the decoder alone gives it, together with neighbours and texts: see the metrics ' +
      '`decoder.neighbour-share` and `decoder.text-weight`. ' +
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
