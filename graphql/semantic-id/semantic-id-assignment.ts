import { Field, ID, InputType, Int } from 'type-graphql';

import { InRange, ListLength, TextLength } from '../common/bounds';
import { MAX_CODES, MAX_ID } from '../common/limits';

@InputType({ description: 'The semantic ID that an item gets.' })
export class SemanticIdAssignment {
  @Field(() => ID, { description: 'The global ID of the item.' })
  @TextLength(1, MAX_ID)
  readonly itemId!: string;

  @Field(() => [Int], {
    description:
      'One code for each codebook level. A collision token may follow; when it is absent, the server chooses one.',
  })
  @ListLength(1, MAX_CODES)
  @InRange(0, 65_535, { each: true })
  readonly codes!: number[];
}
