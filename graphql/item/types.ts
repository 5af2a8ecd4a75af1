import { GraphQLDateTime } from 'graphql-scalars';
import { ID, Int, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Field, Nullable } from '../common/field';
import { enumOf, Node } from '../common/types';
import { ItemFields } from './fields';
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
export class Item extends ItemFields {
  @Field(() => ID, 'Global ID.')
  readonly id!: unknown;

  @Field(() => String, 'The ID that the shop itself uses.')
  readonly externalId!: string;

  @Field(() => String, 'The name that people read.')
  readonly title!: string;

  @Field(() => [String], 'The categories it is in.')
  readonly categories!: readonly string[];

  @Field(() => GraphQLDateTime, 'When it was added to the catalogue.')
  readonly addedAt!: Date;

  @Nullable(() => GraphQLDateTime, 'When it was removed from the catalogue; null while it can be recommended.')
  readonly removedAt!: Date | null;
}

export const ItemConnection = connectionOf(Item, 'Item');

/** A list that was asked for, which is counted where that is asked too. */
@ObjectType({ description: 'A page of `items`, and counts of the whole list.', simpleResolvers: true })
export class ItemListConnection extends ItemConnection {
  readonly filter!: records.ItemFilterArgs | null;
  readonly list!: records.ItemSelectionArgs;
}

@ObjectType({ description: 'A value, and how many items of a list have it.', simpleResolvers: true })
export class FacetValue {
  @Field(() => String, 'Such as the name of a brand.')
  readonly value!: string;

  @Field(() => Int, 'How many items of the list have it.')
  readonly count!: number;
}

@ObjectType({
  description:
    'The values that most items of a list have. Each facet leaves out the condition of the filter on itself: it counts what a further ' +
    'value there would add.',
})
export class ItemFacets {
  readonly filter!: records.ItemFilterArgs | null;
  readonly list!: records.ItemSelectionArgs;
}

@ObjectType({ description: 'A set of items: their number, and the first of them.', simpleResolvers: true })
export class ItemSet {
  @Field(() => Int, 'The number of items in the set.')
  readonly count!: number;
}
