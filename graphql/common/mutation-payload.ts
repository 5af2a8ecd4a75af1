import { Field, ObjectType } from 'type-graphql';

import { UserError } from './user-error';

/** What every payload has; no type of its own in the schema. */
@ObjectType({ simpleResolvers: true })
export abstract class MutationPayload {
  @Field(() => [UserError], { description: 'The mistakes in the input; empty when the call succeeded.' })
  readonly userErrors!: readonly UserError[];
}
