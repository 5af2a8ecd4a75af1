import { Field, ObjectType } from 'type-graphql';

import { ChangedItemsPayload } from './changed-items-payload';
import { Item } from './item';
import type { ItemRecord } from './records';

@ObjectType({ description: 'The answer of `addItems`.', simpleResolvers: true })
export class AddItemsPayload extends ChangedItemsPayload {
  @Field(() => [Item], {
    nullable: 'items',
    description: 'The added items, in the order of the input; null for each item that was refused.',
  })
  readonly items!: readonly (ItemRecord | null)[];
}
