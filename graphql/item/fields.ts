/**
 * The optional fields of an item, and the conditions on items, each in one place. Items, new items, changes of items and the records of
 * the ports derive from them; `src/storage/item-columns.ts` has a line for each.
 */
import { GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';
import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';

import { CodeList, InRange, InTime, ListLength, TextLength } from '../common/bounds';
import { COST_OF_ATTRIBUTES, COST_OF_DESCRIPTION } from '../common/cost';
import { MAX_DESCRIPTION, MAX_FILTER_IDS, MAX_FILTER_NAMES, MAX_ID, MAX_NAME, MAX_PRICE } from '../common/limits';

/** The fields that an item, a new item and the change of an item have alike. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
@InputType()
export abstract class ItemFields {
  @Field(() => String, {
    nullable: true,
    description: 'A longer text about the item.',
    complexity: COST_OF_DESCRIPTION,
  })
  @TextLength(0, MAX_DESCRIPTION)
  readonly description?: string | null;

  @Field(() => String, { nullable: true, description: 'The brand that makes it.' })
  @TextLength(1, MAX_NAME)
  readonly brand?: string | null;

  @Field(() => Float, { nullable: true, description: "The price in the shop's currency." })
  @InRange(0, MAX_PRICE)
  readonly price?: number | null;

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'Other facts about the item, as the shop wrote them; at most 16 KiB of JSON.',
    complexity: COST_OF_ATTRIBUTES,
  })
  readonly attributes?: unknown;
}

@InputType({ description: 'Selects items. An item must meet every condition that is given.' })
export class ItemFilter {
  @Field(() => [String], { nullable: true, description: 'The item is in one of these categories.' })
  @ListLength(0, MAX_FILTER_NAMES)
  @TextLength(1, MAX_NAME, { each: true })
  readonly categories?: readonly string[] | null;

  @Field(() => [String], { nullable: true, description: 'The item is of one of these brands.' })
  @ListLength(0, MAX_FILTER_NAMES)
  @TextLength(1, MAX_NAME, { each: true })
  readonly brands?: readonly string[] | null;

  @Field(() => Float, { nullable: true, description: 'The price is this or more; items without a price do not match.' })
  @InRange(0, MAX_PRICE)
  readonly minPrice?: number | null;

  @Field(() => Float, { nullable: true, description: 'The price is this or less; items without a price do not match.' })
  @InRange(0, MAX_PRICE)
  readonly maxPrice?: number | null;

  @Field(() => [String], { nullable: true, description: 'The item has one of these external IDs.' })
  @ListLength(0, MAX_FILTER_IDS)
  @TextLength(1, MAX_ID, { each: true })
  readonly externalIds?: readonly string[] | null;

  @Field(() => [String], { nullable: true, description: 'The item has none of these external IDs.' })
  @ListLength(0, MAX_FILTER_IDS)
  @TextLength(1, MAX_ID, { each: true })
  readonly excludeExternalIds?: readonly string[] | null;

  @Field(() => [Int], { nullable: true, description: 'The semantic ID begins with these codes.' })
  @CodeList(0)
  readonly semanticIdPrefix?: readonly number[] | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'The item was added to the catalogue after this time.' })
  @InTime()
  readonly addedAfter?: Date | null;
}
