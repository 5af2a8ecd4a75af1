import { ArgsType, Field, Int } from 'type-graphql';

import { InRange } from '../common/bounds';
import { MAX_INT } from '../common/limits';

@ArgsType()
export class ChangesInput {
  @Field(() => Int, { nullable: true, description: 'The number of changes to answer with; absent: all.' })
  @InRange(1, MAX_INT)
  readonly first?: number | null;
}
