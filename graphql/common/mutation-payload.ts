import { Field, ObjectType } from 'type-graphql';

import { UserError } from './user-error';

/** The field that every payload has. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
export abstract class MutationPayload {
  @Field(() => [UserError], { description: 'The mistakes in the input; empty when the call succeeded.' })
  readonly userErrors!: readonly UserError[];
}
