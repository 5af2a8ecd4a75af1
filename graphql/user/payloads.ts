import { Field, Int, ObjectType } from 'type-graphql';

import { MutationPayload } from '../common/types';

@ObjectType({ description: 'The answer of `eraseUsers`.', simpleResolvers: true })
export class EraseUsersPayload extends MutationPayload {
  @Field(() => [String], {
    description: 'The external IDs of the users who are erased, each once, in the order of the input.',
  })
  readonly erasedExternalIds!: readonly string[];

  @Field(() => [String], {
    description:
      'The IDs, as they were given, that no user has, such as those of users who were erased before. That is no mistake.',
  })
  readonly unknownExternalIds!: readonly string[];

  @Field(() => Int, { description: 'How many interactions are erased with them.' })
  readonly erasedInteractions!: number;
}
