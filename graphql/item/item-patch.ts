import { GraphQLJSON } from 'graphql-scalars';
import { Field, Float, ID, InputType } from 'type-graphql';

import { InRange, ListLength, TextLength } from '../common/bounds';

@InputType({
  description: 'The change of an item. A field that is absent stays as it is; null empties a field that may be empty.',
})
export class ItemPatch {
  @Field(() => ID, { description: 'The global ID of the item.' })
  @TextLength(1, 200)
  readonly itemId!: string;

  @Field(() => String, { nullable: true, description: 'The name that people read; it cannot be empty.' })
  @TextLength(1, 500)
  readonly title?: string | null;

  @Field(() => String, { nullable: true, description: 'A longer text about the item.' })
  @TextLength(0, 10_000)
  readonly description?: string | null;

  @Field(() => String, { nullable: true, description: 'The brand that makes it.' })
  @TextLength(1, 200)
  readonly brand?: string | null;

  @Field(() => [String], { nullable: true, description: 'The categories it is in.' })
  @ListLength(0, 50)
  @TextLength(1, 200, { each: true })
  readonly categories?: string[] | null;

  @Field(() => Float, { nullable: true, description: "The price in the shop's currency." })
  @InRange(0, 1e12)
  readonly price?: number | null;

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'Other facts about the item, as the shop wrote them; at most 16 KiB of JSON.',
  })
  readonly attributes?: unknown;

  @Field(() => [Float], {
    nullable: true,
    description:
      "A vector from the caller's own encoder, in place of the one that the item has. The item gets its codes at once.",
  })
  @ListLength(1, 4096)
  readonly embedding?: number[] | null;
}
