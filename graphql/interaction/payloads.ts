import { Int, ObjectType } from 'type-graphql';

import { Field } from '../common/field';
import { MutationPayload } from '../common/types';
import type { UserRecord } from '../user/records';
import { User } from '../user/types';

@ObjectType({ description: 'The answer of `recordInteractions`.', simpleResolvers: true })
export class RecordInteractionsPayload extends MutationPayload {
  @Field(() => Int, 'The number of interactions recorded. It does not count those whose `eventId` was recorded before.')
  readonly recorded!: number;

  @Field(() => [User], 'The users of the interactions that were not refused, each once.')
  readonly users!: readonly UserRecord[];
}

@ObjectType({ description: 'The answer of `deleteInteractions`.', simpleResolvers: true })
export class DeleteInteractionsPayload extends MutationPayload {
  @Field(() => Int, 'How many of them there were.')
  readonly deleted!: number;
}
