import { ArgsType, Field, Int } from 'type-graphql';

import { InRange, ListLength } from '../common/bounds';
import { MAX_CODES } from '../common/limits';

@ArgsType()
export class PrefixInput {
  @Field(() => [Int], {
    nullable: true,
    defaultValue: [],
    description: 'The codes of the prefix, coarse to fine; an empty list is the root.',
  })
  @ListLength(0, MAX_CODES)
  @InRange(0, 65_535, { each: true })
  readonly codes?: number[] | null;
}
