import { Field, Int, ObjectType } from 'type-graphql';

import { MutationPayload } from '../common/mutation-payload';
import type { ItemRecord } from '../common/records';
import { Item } from './item';

@ObjectType({ description: 'The answer of `restoreItems`.', simpleResolvers: true })
export class RestoreItemsPayload extends MutationPayload {
  @Field(() => [Item], {
    nullable: 'items',
    description: 'The items restored, in the order of the input; null where one was refused.',
  })
  readonly items!: readonly (ItemRecord | null)[];

  @Field(() => Int, { description: 'The catalogue version after the call.' })
  readonly catalogueVersion!: number;
}
