import { ValidateNested } from 'class-validator';
import { Field, InputType } from 'type-graphql';

import { ListLength } from '../common/bounds';
import { MAX_BATCH } from '../common/limits';
import { NewFeedback } from './new-feedback';

@InputType({ description: 'Feedback on lists.' })
export class RecordFeedbackInput {
  @Field(() => [NewFeedback], { description: '1–1,000 entries, of one list or of several.' })
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly feedback!: NewFeedback[];

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Whether one wrong entry refuses the whole call; if false, the correct entries are recorded.',
  })
  readonly atomic?: boolean | null;
}
