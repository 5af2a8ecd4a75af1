import { ArgsType, Field, Int } from 'type-graphql';

import { InRange } from '../common/bounds';

@ArgsType()
export class ChangesInput {
  @Field(() => Int, { nullable: true, description: 'The number of changes to answer with; absent: all.' })
  @InRange(1, 2 ** 31 - 1)
  readonly first?: number | null;
}
