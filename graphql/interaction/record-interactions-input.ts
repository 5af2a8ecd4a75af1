import { ValidateNested } from 'class-validator';
import { Field, InputType } from 'type-graphql';

import { ListLength } from '../common/bounds';
import { MAX_BATCH } from '../common/limits';
import { NewInteraction } from './new-interaction';

@InputType({ description: 'Interactions to record.' })
export class RecordInteractionsInput {
  @Field(() => [NewInteraction], { description: '1–1,000 interactions.' })
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly interactions!: NewInteraction[];

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description:
      'Whether one wrong interaction refuses the whole call; if false, the correct interactions are recorded.',
  })
  readonly atomic?: boolean | null;
}
