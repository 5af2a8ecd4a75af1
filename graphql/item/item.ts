import { GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Node } from '../common/node';

@ObjectType({ implements: Node, description: 'Something that can be recommended.', simpleResolvers: true })
export class Item extends Node {
  @Field(() => ID, { description: 'Global ID.' })
  override readonly id!: unknown;

  @Field(() => String, { description: "The shop's own key." })
  readonly externalId!: string;

  @Field(() => String, { description: 'What people read.' })
  readonly title!: string;

  @Field(() => String, { nullable: true, description: 'Longer text.' })
  readonly description!: string | null;

  @Field(() => String, { nullable: true, description: 'Who makes it.' })
  readonly brand!: string | null;

  @Field(() => [String], { description: 'The categories it is in.' })
  readonly categories!: readonly string[];

  @Field(() => Float, { nullable: true, description: "In the shop's currency." })
  readonly price!: number | null;

  @Field(() => GraphQLJSON, { nullable: true, description: 'Whatever else the shop keeps about it.' })
  readonly attributes!: unknown;

  @Field(() => Int, { description: 'Interactions recorded with it.' })
  readonly interactionCount!: number;

  @Field(() => GraphQLDateTime, { description: 'When it came into the catalogue.' })
  readonly addedAt!: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When it left the catalogue; null while it can be recommended.',
  })
  readonly removedAt!: Date | null;
}

export const ItemConnection = connectionOf(Item, 'Item');
