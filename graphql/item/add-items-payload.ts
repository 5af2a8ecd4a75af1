import { Field, Int, ObjectType } from 'type-graphql';

import { MutationPayload } from '../common/mutation-payload';
import { Item } from './item';
import type { ItemRecord } from './records';

@ObjectType({ description: 'The answer of `addItems`.', simpleResolvers: true })
export class AddItemsPayload extends MutationPayload {
  @Field(() => [Item], {
    nullable: 'items',
    description: 'The added items, in the order of the input; null for each item that was refused.',
  })
  readonly items!: readonly (ItemRecord | null)[];

  @Field(() => Int, { description: 'The catalogue version after the call.' })
  readonly catalogueVersion!: number;
}
