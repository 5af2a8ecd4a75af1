import { ValidateNested } from 'class-validator';
import { ArgsType, Field } from 'type-graphql';
import { ItemFilter } from './item-filter';
import { PageOf20 } from './page-input';

@ArgsType()
export class ItemsInput extends PageOf20 {
  @Field(() => ItemFilter, { nullable: true, description: 'Which items count; absent: all.' })
  @ValidateNested()
  readonly filter?: ItemFilter | null;
}
