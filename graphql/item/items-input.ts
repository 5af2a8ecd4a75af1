import { ValidateNested } from 'class-validator';
import { ArgsType, Field } from 'type-graphql';

import { PageOf20 } from '../common/page-input';
import { ItemFilter } from './item-filter';

@ArgsType()
export class ItemsInput extends PageOf20 {
  @Field(() => ItemFilter, { nullable: true, description: 'Which items to list; absent: all.' })
  @ValidateNested()
  readonly filter?: ItemFilter | null;
}
