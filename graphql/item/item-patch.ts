import { GraphQLJSON } from 'graphql-scalars';
import { Field, Float, ID, InputType } from 'type-graphql';

import { InRange, ListLength, TextLength } from '../common/bounds';

@InputType({ description: 'What to change in an item. A field left out stays; null empties it where it may be empty.' })
export class ItemPatch {
  @Field(() => ID, { description: "The item's global ID." })
  @TextLength(1, 200)
  readonly itemId!: string;

  @Field(() => String, { nullable: true, description: 'What people read; never empty.' })
  @TextLength(1, 500)
  readonly title?: string | null;

  @Field(() => String, { nullable: true, description: 'Longer text.' })
  @TextLength(0, 10_000)
  readonly description?: string | null;

  @Field(() => String, { nullable: true, description: 'Who makes it.' })
  @TextLength(1, 200)
  readonly brand?: string | null;

  @Field(() => [String], { nullable: true, description: 'The categories it is in.' })
  @ListLength(0, 50)
  @TextLength(1, 200, { each: true })
  readonly categories?: string[] | null;

  @Field(() => Float, { nullable: true, description: "In the shop's currency." })
  @InRange(0, 1e12)
  readonly price?: number | null;

  @Field(() => GraphQLJSON, { nullable: true, description: 'Whatever else the shop keeps about it.' })
  readonly attributes?: unknown;
}
