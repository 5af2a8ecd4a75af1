import { Authorized, ID, Int, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Field, Nullable } from '../common/field';
import { MutationPayload, Node } from '../common/types';
import type { UserRecord } from './records';

// A simple field would not ask for the access.
@ObjectType({ implements: Node, description: 'A person who interacts with items.', simpleResolvers: true })
export class User extends Node {
  @Authorized('USER')
  @Field(() => ID, 'Global ID.', { simple: false })
  override readonly id!: unknown;

  @Authorized('USER')
  @Field(() => String, 'The ID that the shop itself uses.', { simple: false })
  readonly externalId!: string;
}

export const UserConnection = connectionOf(User, 'User');

@ObjectType({ description: 'The answer of `identify`.', simpleResolvers: true })
export class IdentifyPayload extends MutationPayload {
  @Nullable(() => User, 'The user.')
  readonly user!: UserRecord | null;

  @Field(() => Int, 'How many interactions of the visitor are the user’s from now on.')
  readonly joinedInteractions!: number;
}

@ObjectType({ description: 'The answer of `eraseUsers`.', simpleResolvers: true })
export class EraseUsersPayload extends MutationPayload {
  @Field(() => [String], 'The external IDs of the erased users, in order, and of the visitors who they were.')
  readonly erasedExternalIds!: readonly string[];

  @Field(() => [String], 'The given IDs that no user has, such as of users erased before. That is no mistake.')
  readonly unknownExternalIds!: readonly string[];

  @Field(() => Int, 'How many interactions are erased with them.')
  readonly erasedInteractions!: number;
}
