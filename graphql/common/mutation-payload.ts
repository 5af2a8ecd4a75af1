import { Field, ObjectType } from 'type-graphql';

import { UserError } from './user-error';

/** What every payload has; no type of its own in the schema. */
@ObjectType({ simpleResolvers: true })
export abstract class MutationPayload {
  @Field(() => [UserError], { description: 'What was wrong with the input; empty when all went well.' })
  readonly userErrors!: readonly UserError[];
}
