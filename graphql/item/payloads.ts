import { Int, ObjectType } from 'type-graphql';

import { Field, Nullable } from '../common/field';
import { MutationPayload } from '../common/types';
import type { ItemRecord } from './records';
import { Item } from './types';

/** The fields that every mutation of items answers with. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
export abstract class ChangedItemsPayload extends MutationPayload {
  @Nullable(() => Int, 'The catalogue version that this call made; null when it changed nothing or was refused.')
  readonly catalogueVersion!: number | null;
}

@ObjectType({ description: 'The answer of `upsertItems`.', simpleResolvers: true })
export class UpsertItemsPayload extends ChangedItemsPayload {
  @Field(() => [Item], 'The items as they are now, in the order of the input; null for each item that was refused.', {
    nullable: 'items',
  })
  readonly items!: readonly (ItemRecord | null)[];

  @Field(() => Int, 'How many items are new.')
  readonly created!: number;

  @Field(() => Int, 'How many items were changed, or brought back after they had been removed.')
  readonly updated!: number;

  @Field(() => Int, 'How many items were so already.')
  readonly unchanged!: number;
}

@ObjectType({ description: 'The answer of `updateItems`.', simpleResolvers: true })
export class UpdateItemsPayload extends ChangedItemsPayload {
  @Field(() => [Item], 'The items after the change, in the order of the input; null for each item that was refused.', {
    nullable: 'items',
  })
  readonly items!: readonly (ItemRecord | null)[];
}

@ObjectType({ description: 'The answer of `removeItems`.', simpleResolvers: true })
export class RemoveItemsPayload extends ChangedItemsPayload {
  @Field(() => [Item], 'The removed items, in the order of the input; null for each item that was refused.', {
    nullable: 'items',
  })
  readonly items!: readonly (ItemRecord | null)[];
}

@ObjectType({ description: 'The answer of `restoreItems`.', simpleResolvers: true })
export class RestoreItemsPayload extends ChangedItemsPayload {
  @Field(() => [Item], 'The restored items, in the order of the input; null for each item that was refused.', {
    nullable: 'items',
  })
  readonly items!: readonly (ItemRecord | null)[];
}

@ObjectType({ description: 'The answer of `deleteItems`.', simpleResolvers: true })
export class DeleteItemsPayload extends ChangedItemsPayload {
  @Field(() => [String], 'The external IDs of the items that are gone, in the order of the input.')
  readonly deletedExternalIds!: readonly string[];

  @Field(() => Int, 'How many interactions went with them.')
  readonly deletedInteractions!: number;
}
