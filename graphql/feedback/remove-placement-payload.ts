import { Field, ObjectType } from 'type-graphql';

import { MutationPayload } from '../common/mutation-payload';

@ObjectType({ description: 'The answer of `removePlacement`.', simpleResolvers: true })
export class RemovePlacementPayload extends MutationPayload {
  @Field(() => String, { nullable: true, description: 'The name of the placement; null when there was none.' })
  readonly removedName!: string | null;
}
