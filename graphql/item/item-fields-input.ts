import { GraphQLJSON } from 'graphql-scalars';
import { Field, Float, InputType } from 'type-graphql';

import { InRange, TextLength } from '../common/bounds';
import { MAX_DESCRIPTION, MAX_NAME, MAX_PRICE } from '../common/limits';

/** The fields that a new item and the change of an item give alike. It is not a type of the schema. */
@InputType()
export abstract class ItemFieldsInput {
  @Field(() => String, { nullable: true, description: 'A longer text about the item.' })
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
  })
  readonly attributes?: unknown;
}
