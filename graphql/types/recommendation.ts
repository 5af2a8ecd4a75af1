import { Field, Float, Int, ObjectType } from 'type-graphql';
import type * as context from '../context';
import { RecommendationSource } from './enums';

@ObjectType({ description: 'An item, and why it is here.', simpleResolvers: true })
export class Recommendation {
  @Field(() => Int, { description: 'Place in the list; the best has 1.' })
  readonly rank!: number;

  @Field(() => Float, {
    description:
      "Natural-log probability of the item's semantic ID, given the history. " +
      "For POPULARITY, the log of the item's share of all interactions.",
  })
  readonly score!: number;

  @Field(() => RecommendationSource, { description: 'How it came about.' })
  readonly source!: context.RecommendationSource;
}
