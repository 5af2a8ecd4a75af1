import { Authorized, Field, ID, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Node } from '../common/types';

@ObjectType({ implements: Node, description: 'A person who interacts with items.', simpleResolvers: true })
export class User extends Node {
  @Field(() => ID, { description: 'Global ID.' })
  override readonly id!: unknown;

  // A simple field would not ask for the access.
  @Authorized('USER')
  @Field(() => String, { description: 'The ID that the shop itself uses.', simple: false })
  readonly externalId!: string;
}

export const UserConnection = connectionOf(User, 'User');
