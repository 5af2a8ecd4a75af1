import { Field, ObjectType } from 'type-graphql';

import { ChangedItemsPayload } from './changed-items-payload';
import { Item } from './item';
import type { ItemRecord } from './records';

@ObjectType({ description: 'The answer of `restoreItems`.', simpleResolvers: true })
export class RestoreItemsPayload extends ChangedItemsPayload {
  @Field(() => [Item], {
    nullable: 'items',
    description: 'The restored items, in the order of the input; null for each item that was refused.',
  })
  readonly items!: readonly (ItemRecord | null)[];
}
