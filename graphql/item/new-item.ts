import { GraphQLJSON } from 'graphql-scalars';
import { Field, Float, InputType } from 'type-graphql';

import { InRange, ListLength, TextLength } from '../common/bounds';
import type { NewItemArgs } from './records';

@InputType({ description: 'An item to add.' })
export class NewItem implements NewItemArgs {
  @Field(() => String, { description: "The shop's own key; no other item has it." })
  @TextLength(1, 200)
  readonly externalId!: string;

  @Field(() => String, { description: 'What people read, and what the semantic ID is made from.' })
  @TextLength(1, 500)
  readonly title!: string;

  @Field(() => String, { nullable: true, description: 'Longer text.' })
  @TextLength(0, 10_000)
  readonly description?: string | null;

  @Field(() => String, { nullable: true, description: 'Who makes it.' })
  @TextLength(1, 200)
  readonly brand?: string | null;

  @Field(() => [String], { nullable: true, defaultValue: [], description: 'The categories it is in.' })
  @ListLength(0, 50)
  @TextLength(1, 200, { each: true })
  readonly categories?: string[] | null;

  @Field(() => Float, { nullable: true, description: "In the shop's currency." })
  @InRange(0, 1e12)
  readonly price?: number | null;

  @Field(() => GraphQLJSON, { nullable: true, description: 'Whatever else the shop keeps about it.' })
  readonly attributes?: unknown;

  @Field(() => [Float], {
    nullable: true,
    description: "A vector of the caller's own encoder, to be used instead of the text's.",
  })
  @ListLength(1, 4096)
  readonly embedding?: number[] | null;
}
