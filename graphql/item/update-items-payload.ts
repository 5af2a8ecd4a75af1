import { Field, Int, ObjectType } from 'type-graphql';

import { MutationPayload } from '../common/mutation-payload';
import { Item } from './item';
import type { ItemRecord } from './records';

@ObjectType({ description: 'The answer of `updateItems`.', simpleResolvers: true })
export class UpdateItemsPayload extends MutationPayload {
  @Field(() => [Item], {
    nullable: 'items',
    description: 'The items as they are now, in the order of the input; null where one was refused.',
  })
  readonly items!: readonly (ItemRecord | null)[];

  @Field(() => Int, { description: 'The catalogue version after the call.' })
  readonly catalogueVersion!: number;
}
