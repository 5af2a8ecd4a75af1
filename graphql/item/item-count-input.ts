import { ValidateNested } from 'class-validator';
import { ArgsType, Field } from 'type-graphql';

import { ItemFilter } from './item-filter';

@ArgsType()
export class ItemCountInput {
  @Field(() => ItemFilter, { nullable: true, description: 'Which items count; absent: all.' })
  @ValidateNested()
  readonly filter?: ItemFilter | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether to count the items that were removed, instead of those that can be recommended.',
  })
  readonly removed?: boolean | null;
}
