import { Field, Int, ObjectType } from 'type-graphql';

import { MutationPayload } from '../common/mutation-payload';

@ObjectType({ description: 'The answer of `undoDismissals`.', simpleResolvers: true })
export class UndoDismissalsPayload extends MutationPayload {
  @Field(() => Int, {
    description:
      'How many of the items may be recommended to the user again. It does not count those that were not dismissed, which is no mistake.',
  })
  readonly undone!: number;
}
