import { Field, Float, Int, ObjectType } from 'type-graphql';

import { RecommendationSource } from './recommendation-source';
import type * as records from './records';

@ObjectType({ description: 'An item, and why it is here.', simpleResolvers: true })
export class Recommendation {
  @Field(() => Int, { description: 'Place in the list; the best has 1.' })
  readonly rank!: number;

  @Field(() => Float, {
    description:
      'Natural log of the probability that the item comes next, given the history, under both heads together: ' +
      "(1 - share) * exp(decoderScore) + share * exp(itemHeadScore), where a head that says nothing counts as 0 and the item head's " +
      "share is the model version's metric `item-head.share`, or with seen items `seen-kept.item-head.share`, if it has that. With a temperature above 0 the decoder speaks alone, with what neighbours and texts add to its probability: see the metrics `decoder.neighbour-share` and `decoder.text-weight`. " +
      "For POPULARITY, the log of the item's share of all interactions.",
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
