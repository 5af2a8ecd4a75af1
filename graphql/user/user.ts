import { Field, ID, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Node } from '../common/node';

@ObjectType({ implements: Node, description: 'A person who interacts with items.', simpleResolvers: true })
export class User extends Node {
  @Field(() => ID, { description: 'Global ID.' })
  override readonly id!: unknown;

  @Field(() => String, { description: 'The ID that the shop itself uses.' })
  readonly externalId!: string;
}

export const UserConnection = connectionOf(User, 'User');
