import { GraphQLDateTime } from 'graphql-scalars';
import { ID, Int, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Field, Nullable } from '../common/field';
import { enumOf, MutationPayload, Node } from '../common/types';
import { ItemFields } from './fields';
import type { ItemFilterArgs, ItemRecord, ItemSelectionArgs } from './records';

export const ItemOrderField = enumOf('ItemOrderField', 'What items are ordered by.', {
  ADDED: 'When they came into the catalogue.',
  TITLE: 'Their titles; upper and lower case are alike.',
  PRICE: 'Their prices; items without one come last, whatever the direction.',
  INTERACTIONS: 'How many interactions were recorded with them.',
});
export type ItemOrderField = keyof typeof ItemOrderField;

export const OrderDirection = enumOf('OrderDirection', 'Which end of a list comes first.', {
  ASC: 'The least.',
  DESC: 'The greatest.',
});
export type OrderDirection = keyof typeof OrderDirection;

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
  readonly filter!: ItemFilterArgs | null;
  readonly list!: ItemSelectionArgs;
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
  readonly filter!: ItemFilterArgs | null;
  readonly list!: ItemSelectionArgs;
}

@ObjectType({ description: 'A set of items: their number, and the first of them.', simpleResolvers: true })
export class ItemSet {
  @Field(() => Int, 'The number of items in the set.')
  readonly count!: number;
}

/** The field that every mutation of items answers with. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
abstract class ChangedItemsPayload extends MutationPayload {
  @Nullable(() => Int, 'The catalogue version that this call made; null when it changed nothing or was refused.')
  readonly catalogueVersion!: number | null;
}

/** The same of a mutation that leaves the items there. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
export abstract class ItemsPayload extends ChangedItemsPayload {
  @Field(() => [Item], 'The items now, in the order of the input; null: refused.', { nullable: 'items' })
  readonly items!: readonly (ItemRecord | null)[];
}

@ObjectType({ description: 'The answer of `upsertItems`.', simpleResolvers: true })
export class UpsertItemsPayload extends ItemsPayload {
  @Field(() => Int, 'How many items are new.')
  readonly created!: number;

  @Field(() => Int, 'How many items were changed, or brought back after they had been removed.')
  readonly updated!: number;

  @Field(() => Int, 'How many items were so already.')
  readonly unchanged!: number;
}

@ObjectType({ description: 'The answer of `updateItems`.', simpleResolvers: true })
export class UpdateItemsPayload extends ItemsPayload {}

@ObjectType({ description: 'The answer of `removeItems`.', simpleResolvers: true })
export class RemoveItemsPayload extends ItemsPayload {}

@ObjectType({ description: 'The answer of `restoreItems`.', simpleResolvers: true })
export class RestoreItemsPayload extends ItemsPayload {}

@ObjectType({ description: 'The answer of `deleteItems`.', simpleResolvers: true })
export class DeleteItemsPayload extends ChangedItemsPayload {
  @Field(() => [String], 'The external IDs of the items that are gone, in the order of the input.')
  readonly deletedExternalIds!: readonly string[];

  @Field(() => Int, 'How many interactions went with them.')
  readonly deletedInteractions!: number;
}
