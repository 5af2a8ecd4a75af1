import { Field, Int, ObjectType } from 'type-graphql';

import { MutationPayload } from '../common/mutation-payload';

@ObjectType({ description: 'The answer of `recordFeedback`.', simpleResolvers: true })
export class RecordFeedbackPayload extends MutationPayload {
  @Field(() => Int, {
    description:
      'The number of entries recorded. It does not count those that were recorded before: the same kind, for the same item of the same list.',
  })
  readonly recorded!: number;
}
