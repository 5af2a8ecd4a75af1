import { ArgsType, Field, Int } from 'type-graphql';

import { InRange, ListLength } from '../common/bounds';

@ArgsType()
export class PrefixInput {
  @Field(() => [Int], { nullable: true, defaultValue: [], description: 'From the root down; none: the root itself.' })
  @ListLength(0, 16)
  @InRange(0, 65_535, { each: true })
  readonly codes?: number[] | null;
}
