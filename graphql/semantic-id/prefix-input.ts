import { ArgsType, Field, Int } from 'type-graphql';

import { CodeList } from '../common/bounds';

@ArgsType()
export class PrefixInput {
  @Field(() => [Int], {
    nullable: true,
    defaultValue: [],
    description: 'The codes of the prefix, coarse to fine; an empty list is the root.',
  })
  @CodeList(0)
  readonly codes?: number[] | null;
}
