import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, InputType, Int } from 'type-graphql';

import { CodeList, InRange, InTime, ListLength, TextLength } from '../common/bounds';
import { MAX_FILTER_IDS, MAX_FILTER_NAMES, MAX_ID, MAX_NAME, MAX_PRICE, MAX_SEARCH } from '../common/limits';
import type { ItemFilterArgs } from './records';

@InputType({ description: 'Selects items. An item must meet every condition that is given.' })
export class ItemFilter implements ItemFilterArgs {
  @Field(() => [String], { nullable: true, description: 'The item is in one of these categories.' })
  @ListLength(0, MAX_FILTER_NAMES)
  @TextLength(1, MAX_NAME, { each: true })
  readonly categories?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'The item is of one of these brands.' })
  @ListLength(0, MAX_FILTER_NAMES)
  @TextLength(1, MAX_NAME, { each: true })
  readonly brands?: string[] | null;

  @Field(() => Float, { nullable: true, description: 'The price is this or more; items without a price do not match.' })
  @InRange(0, MAX_PRICE)
  readonly minPrice?: number | null;

  @Field(() => Float, { nullable: true, description: 'The price is this or less; items without a price do not match.' })
  @InRange(0, MAX_PRICE)
  readonly maxPrice?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The title contains this text; upper and lower case are the same.',
  })
  @TextLength(1, MAX_SEARCH)
  readonly titleContains?: string | null;

  @Field(() => [String], { nullable: true, description: 'The item has one of these external IDs.' })
  @ListLength(0, MAX_FILTER_IDS)
  @TextLength(1, MAX_ID, { each: true })
  readonly externalIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'The item has none of these external IDs.' })
  @ListLength(0, MAX_FILTER_IDS)
  @TextLength(1, MAX_ID, { each: true })
  readonly excludeExternalIds?: string[] | null;

  @Field(() => [Int], { nullable: true, description: 'The semantic ID begins with these codes.' })
  @CodeList(0)
  readonly semanticIdPrefix?: number[] | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'The item was added to the catalogue after this time.' })
  @InTime()
  readonly addedAfter?: Date | null;
}
