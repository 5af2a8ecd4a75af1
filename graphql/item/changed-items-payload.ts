import { Field, Int, ObjectType } from 'type-graphql';

import { MutationPayload } from '../common/mutation-payload';

/** The fields that every mutation of items answers with. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
export abstract class ChangedItemsPayload extends MutationPayload {
  @Field(() => Int, {
    nullable: true,
    description: 'The catalogue version that this call made; null when it changed nothing or was refused.',
  })
  readonly catalogueVersion!: number | null;
}
