import { Field, ID, InputType, Int } from 'type-graphql';

import { CodeList, TextLength } from '../common/bounds';
import { MAX_ID } from '../common/limits';

@InputType({ description: 'The semantic ID that an item gets.' })
export class SemanticIdAssignment {
  @Field(() => ID, { description: 'The global ID of the item.' })
  @TextLength(1, MAX_ID)
  readonly itemId!: string;

  @Field(() => [Int], {
    description:
      'One code for each codebook level. A collision token may follow; when it is absent, the server chooses one.',
  })
  @CodeList(1)
  readonly codes!: number[];
}
