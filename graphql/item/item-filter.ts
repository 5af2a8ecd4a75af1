import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, InputType, Int } from 'type-graphql';

import { InRange, ListLength, TextLength } from '../common/bounds';
import type { ItemFilterArgs } from './records';

@InputType({ description: 'Which items count. All that is given must hold.' })
export class ItemFilter implements ItemFilterArgs {
  @Field(() => [String], { nullable: true, description: 'In one of these categories.' })
  @ListLength(0, 100)
  @TextLength(1, 200, { each: true })
  readonly categories?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Of one of these brands.' })
  @ListLength(0, 100)
  @TextLength(1, 200, { each: true })
  readonly brands?: string[] | null;

  @Field(() => Float, { nullable: true, description: 'At this price or above; items without a price do not count.' })
  @InRange(0, 1e12)
  readonly minPrice?: number | null;

  @Field(() => Float, { nullable: true, description: 'At this price or below; items without a price do not count.' })
  @InRange(0, 1e12)
  readonly maxPrice?: number | null;

  @Field(() => String, { nullable: true, description: 'The title has this in it; upper and lower case are alike.' })
  @TextLength(1, 200)
  readonly titleContains?: string | null;

  @Field(() => [String], { nullable: true, description: 'Only these.' })
  @ListLength(0, 1000)
  @TextLength(1, 200, { each: true })
  readonly externalIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'None of these.' })
  @ListLength(0, 1000)
  @TextLength(1, 200, { each: true })
  readonly excludeExternalIds?: string[] | null;

  @Field(() => [Int], { nullable: true, description: 'The semantic ID begins with these codes.' })
  @ListLength(0, 16)
  @InRange(0, 65_535, { each: true })
  readonly semanticIdPrefix?: number[] | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Came into the catalogue later than this.' })
  readonly addedAfter?: Date | null;
}
