import { Field, Int, ObjectType } from 'type-graphql';

import { MutationPayload } from '../common/mutation-payload';
import type { UserRecord } from '../user/records';
import { User } from '../user/user';

@ObjectType({ description: 'The answer of `recordInteractions`.', simpleResolvers: true })
export class RecordInteractionsPayload extends MutationPayload {
  @Field(() => Int, { description: 'Interactions recorded; those with an `eventId` seen before are not among them.' })
  readonly recorded!: number;

  @Field(() => [User], { description: 'The users named in the input, each once.' })
  readonly users!: readonly UserRecord[];
}
