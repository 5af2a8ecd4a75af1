import { Field, ObjectType } from 'type-graphql';

import type * as records from './records';
import { UserErrorCode } from './user-error-code';

@ObjectType({ description: 'A mistake in the input of a mutation.', simpleResolvers: true })
export class UserError {
  @Field(() => UserErrorCode, { description: 'The kind of mistake, for programs.' })
  readonly code!: records.UserErrorCode;

  @Field(() => String, { description: 'The explanation, for people.' })
  readonly message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Path into the input, such as `["items", "3", "title"]`.',
  })
  readonly field!: readonly string[] | null;
}
