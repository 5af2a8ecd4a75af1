import { Field, ID, InputType, Int } from 'type-graphql';

import { InRange, ListLength, TextLength } from '../common/bounds';

@InputType({ description: 'A semantic ID for an item.' })
export class SemanticIdAssignment {
  @Field(() => ID, { description: "The item's global ID." })
  @TextLength(1, 200)
  readonly itemId!: string;

  @Field(() => [Int], {
    description: 'One code a codebook level; a collision token behind them is optional, and chosen when absent.',
  })
  @ListLength(1, 16)
  @InRange(0, 65_535, { each: true })
  readonly codes!: number[];
}
