import { Authorized, ID, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Field } from '../common/field';
import { Node } from '../common/types';

@ObjectType({ implements: Node, description: 'A person who interacts with items.', simpleResolvers: true })
export class User extends Node {
  @Field(() => ID, 'Global ID.')
  override readonly id!: unknown;

  // A simple field would not ask for the access.
  @Authorized('USER')
  @Field(() => String, 'The ID that the shop itself uses.', { simple: false })
  readonly externalId!: string;
}

export const UserConnection = connectionOf(User, 'User');
