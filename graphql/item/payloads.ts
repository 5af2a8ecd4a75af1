import { Field, Int, ObjectType } from 'type-graphql';

import { MutationPayload } from '../common/types';
import type { ItemRecord } from './records';
import { Item } from './types';

/** The fields that every mutation of items answers with. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
export abstract class ChangedItemsPayload extends MutationPayload {
  @Field(() => Int, {
    nullable: true,
    description: 'The catalogue version that this call made; null when it changed nothing or was refused.',
  })
  readonly catalogueVersion!: number | null;
}

@ObjectType({ description: 'The answer of `upsertItems`.', simpleResolvers: true })
export class UpsertItemsPayload extends ChangedItemsPayload {
  @Field(() => [Item], {
    nullable: 'items',
    description: 'The items as they are now, in the order of the input; null for each item that was refused.',
  })
  readonly items!: readonly (ItemRecord | null)[];

  @Field(() => Int, { description: 'How many items are new.' })
  readonly created!: number;

  @Field(() => Int, { description: 'How many items were changed, or brought back after they had been removed.' })
  readonly updated!: number;

  @Field(() => Int, { description: 'How many items were so already.' })
  readonly unchanged!: number;
}

@ObjectType({ description: 'The answer of `updateItems`.', simpleResolvers: true })
export class UpdateItemsPayload extends ChangedItemsPayload {
  @Field(() => [Item], {
    nullable: 'items',
    description: 'The items after the change, in the order of the input; null for each item that was refused.',
  })
  readonly items!: readonly (ItemRecord | null)[];
}

@ObjectType({ description: 'The answer of `removeItems`.', simpleResolvers: true })
export class RemoveItemsPayload extends ChangedItemsPayload {
  @Field(() => [Item], {
    nullable: 'items',
    description: 'The removed items, in the order of the input; null for each item that was refused.',
  })
  readonly items!: readonly (ItemRecord | null)[];
}

@ObjectType({ description: 'The answer of `restoreItems`.', simpleResolvers: true })
export class RestoreItemsPayload extends ChangedItemsPayload {
  @Field(() => [Item], {
    nullable: 'items',
    description: 'The restored items, in the order of the input; null for each item that was refused.',
  })
  readonly items!: readonly (ItemRecord | null)[];
}

@ObjectType({ description: 'The answer of `deleteItems`.', simpleResolvers: true })
export class DeleteItemsPayload extends ChangedItemsPayload {
  @Field(() => [String], { description: 'The external IDs of the items that are gone, in the order of the input.' })
  readonly deletedExternalIds!: readonly string[];

  @Field(() => Int, { description: 'How many interactions went with them.' })
  readonly deletedInteractions!: number;
}
