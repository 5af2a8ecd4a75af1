import { Int, ObjectType } from 'type-graphql';

import { Field, Nullable } from '../common/field';
import { MutationPayload } from '../common/types';
import type { UserRecord } from './records';
import { User } from './types';

@ObjectType({ description: 'The answer of `identify`.', simpleResolvers: true })
export class IdentifyPayload extends MutationPayload {
  @Nullable(() => User, 'The user.')
  readonly user!: UserRecord | null;

  @Field(() => Int, 'How many interactions of the visitor are the user’s from now on.')
  readonly joinedInteractions!: number;
}

@ObjectType({ description: 'The answer of `eraseUsers`.', simpleResolvers: true })
export class EraseUsersPayload extends MutationPayload {
  @Field(
    () => [String],
    'The external IDs of the users who are erased, each once, in the order of the input, and those of the visitors who they were.',
  )
  readonly erasedExternalIds!: readonly string[];

  @Field(
    () => [String],
    'The IDs, as they were given, that no user has, such as those of users who were erased before. That is no mistake.',
  )
  readonly unknownExternalIds!: readonly string[];

  @Field(() => Int, 'How many interactions are erased with them.')
  readonly erasedInteractions!: number;
}
