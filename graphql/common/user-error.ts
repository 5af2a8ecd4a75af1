import { Field, ObjectType } from 'type-graphql';

import type * as records from './records';
import { UserErrorCode } from './user-error-code';

@ObjectType({ description: 'What a caller got wrong.', simpleResolvers: true })
export class UserError {
  @Field(() => UserErrorCode, { description: 'For programs.' })
  readonly code!: records.UserErrorCode;

  @Field(() => String, { description: 'For people.' })
  readonly message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Path into the input, such as `["items", "3", "title"]`.',
  })
  readonly field!: readonly string[] | null;
}
