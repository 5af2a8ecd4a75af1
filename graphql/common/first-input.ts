import { ArgsType, Field, Int } from 'type-graphql';

import { InRange } from './bounds';

@ArgsType()
export class FirstInput {
  @Field(() => Int, { nullable: true, defaultValue: 10, description: 'The number of entries, 1–100.' })
  @InRange(1, 100)
  readonly first?: number | null;
}
