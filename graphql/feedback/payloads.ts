import { Int, ObjectType } from 'type-graphql';

import { Field } from '../common/field';
import { MutationPayload } from '../common/types';

@ObjectType({ description: 'The answer of `recordFeedback`.', simpleResolvers: true })
export class RecordFeedbackPayload extends MutationPayload {
  @Field(
    () => Int,
    'The number of entries recorded. It does not count those that were recorded before: the same kind, for the same item of the same list.',
  )
  readonly recorded!: number;
}

@ObjectType({ description: 'The answer of `undoDismissals`.', simpleResolvers: true })
export class UndoDismissalsPayload extends MutationPayload {
  @Field(
    () => Int,
    'How many of the items may be recommended to the user again. It does not count those that were not dismissed, which is no mistake.',
  )
  readonly undone!: number;
}
