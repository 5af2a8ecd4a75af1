import { ValidateNested } from 'class-validator';
import { ArgsType, Field } from 'type-graphql';

import { PageOf20 } from '../common/page-input';
import { ItemFilter } from './item-filter';
import { ItemOrder } from './item-order';

@ArgsType()
export class ItemsInput extends PageOf20 {
  @Field(() => ItemFilter, { nullable: true, description: 'Which items to list; absent: all.' })
  @ValidateNested()
  readonly filter?: ItemFilter | null;

  @Field(() => ItemOrder, { nullable: true, description: 'In which order; absent: oldest first.' })
  readonly orderBy?: ItemOrder | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether to list the items that were removed, instead of those that can be recommended.',
  })
  readonly removed?: boolean | null;
}
