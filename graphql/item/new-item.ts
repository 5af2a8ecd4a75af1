import { GraphQLJSON } from 'graphql-scalars';
import { Field, Float, InputType } from 'type-graphql';

import { InRange, ListLength, TextLength } from '../common/bounds';
import {
  MAX_CATEGORIES,
  MAX_DESCRIPTION,
  MAX_EMBEDDING,
  MAX_ID,
  MAX_NAME,
  MAX_PRICE,
  MAX_TITLE,
} from '../common/limits';
import type { NewItemArgs } from './records';

@InputType({ description: 'An item to add.' })
export class NewItem implements NewItemArgs {
  @Field(() => String, { description: 'The ID that the shop itself uses. No other item may have it.' })
  @TextLength(1, MAX_ID)
  readonly externalId!: string;

  @Field(() => String, { description: 'The name that people read. The semantic ID is made from it.' })
  @TextLength(1, MAX_TITLE)
  readonly title!: string;

  @Field(() => String, { nullable: true, description: 'A longer text about the item.' })
  @TextLength(0, MAX_DESCRIPTION)
  readonly description?: string | null;

  @Field(() => String, { nullable: true, description: 'The brand that makes it.' })
  @TextLength(1, MAX_NAME)
  readonly brand?: string | null;

  @Field(() => [String], { nullable: true, defaultValue: [], description: 'The categories it is in.' })
  @ListLength(0, MAX_CATEGORIES)
  @TextLength(1, MAX_NAME, { each: true })
  readonly categories?: string[] | null;

  @Field(() => Float, { nullable: true, description: "The price in the shop's currency." })
  @InRange(0, MAX_PRICE)
  readonly price?: number | null;

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'Other facts about the item, as the shop wrote them; at most 16 KiB of JSON.',
  })
  readonly attributes?: unknown;

  @Field(() => [Float], {
    nullable: true,
    description: "A vector from the caller's own encoder. It is used instead of the vector of the text.",
  })
  @ListLength(1, MAX_EMBEDDING)
  readonly embedding?: number[] | null;
}
