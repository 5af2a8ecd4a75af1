import { ValidateNested } from 'class-validator';
import { Field, InputType } from 'type-graphql';

import { ListLength } from '../common/bounds';
import { MAX_BATCH } from '../common/limits';
import { ItemPatch } from './item-patch';

@InputType({ description: 'Items to change.' })
export class UpdateItemsInput {
  @Field(() => [ItemPatch], { description: '1–1,000 changes.' })
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly items!: ItemPatch[];

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'Whether the changed items also get new semantic IDs, made from their new texts. An item whose vector was given ' +
      'needs a new `embedding` for that.',
  })
  readonly reencode?: boolean | null;
}
