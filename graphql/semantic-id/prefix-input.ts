import { ArgsType, Field, Int } from 'type-graphql';

import { InRange, ListLength } from '../common/bounds';

@ArgsType()
export class PrefixInput {
  @Field(() => [Int], {
    nullable: true,
    defaultValue: [],
    description: 'The codes of the prefix, coarse to fine; an empty list is the root.',
  })
  @ListLength(0, 16)
  @InRange(0, 65_535, { each: true })
  readonly codes?: number[] | null;
}
