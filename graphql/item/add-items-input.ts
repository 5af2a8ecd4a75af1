import { ValidateNested } from 'class-validator';
import { Field, InputType } from 'type-graphql';

import { ListLength } from '../common/bounds';
import { MAX_BATCH } from '../common/limits';
import { NewItem } from './new-item';

@InputType({ description: 'Items to add.' })
export class AddItemsInput {
  @Field(() => [NewItem], { description: '1–1,000 items.' })
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly items!: NewItem[];

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Whether one wrong item refuses the whole call; if false, the correct items are added.',
  })
  readonly atomic?: boolean | null;
}
