import { GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { COST_OF_ATTRIBUTES, COST_OF_DESCRIPTION } from '../common/cost';
import { enumOf, Node } from '../common/types';
import type * as records from './records';

export const ItemOrderField = enumOf<records.ItemOrderField>('ItemOrderField', 'What items are ordered by.', {
  ADDED: 'When they came into the catalogue.',
  TITLE: 'Their titles; upper and lower case are alike.',
  PRICE: 'Their prices; items without one come last, whatever the direction.',
  INTERACTIONS: 'How many interactions were recorded with them.',
});

export const OrderDirection = enumOf<records.OrderDirection>('OrderDirection', 'Which end of a list comes first.', {
  ASC: 'The least.',
  DESC: 'The greatest.',
});

@ObjectType({ implements: Node, description: 'Something that can be recommended.', simpleResolvers: true })
export class Item extends Node {
  @Field(() => ID, { description: 'Global ID.' })
  override readonly id!: unknown;

  @Field(() => String, { description: 'The ID that the shop itself uses.' })
  readonly externalId!: string;

  @Field(() => String, { description: 'The name that people read.' })
  readonly title!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A longer text about the item.',
    complexity: COST_OF_DESCRIPTION,
  })
  readonly description!: string | null;

  @Field(() => String, { nullable: true, description: 'The brand that makes it.' })
  readonly brand!: string | null;

  @Field(() => [String], { description: 'The categories it is in.' })
  readonly categories!: readonly string[];

  @Field(() => Float, { nullable: true, description: "The price in the shop's currency." })
  readonly price!: number | null;

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'Other facts about the item, as the shop wrote them.',
    complexity: COST_OF_ATTRIBUTES,
  })
  readonly attributes!: unknown;

  @Field(() => Int, { description: 'The number of interactions with it.' })
  readonly interactionCount!: number;

  @Field(() => GraphQLDateTime, { description: 'When it was added to the catalogue.' })
  readonly addedAt!: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When it was removed from the catalogue; null while it can be recommended.',
  })
  readonly removedAt!: Date | null;
}

export const ItemConnection = connectionOf(Item, 'Item');

@ObjectType({ description: 'A set of items: their number, and the first of them.', simpleResolvers: true })
export class ItemSet {
  @Field(() => Int, { description: 'The number of items in the set.' })
  readonly count!: number;
}
