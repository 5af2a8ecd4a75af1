import { Field, Int, ObjectType } from 'type-graphql';
import { MutationPayload } from './mutation-payload';
import { SemanticIdChange } from './semantic-id-change';

@ObjectType({ description: 'The answer of `reassignSemanticIds`.', simpleResolvers: true })
export class ReassignSemanticIdsPayload extends MutationPayload {
  @Field(() => [SemanticIdChange], { description: 'What changed or, on a dry run, would change.' })
  readonly changes!: readonly SemanticIdChange[];

  @Field(() => Int, { nullable: true, description: 'The catalogue version after the call; null on a dry run.' })
  readonly catalogueVersion!: number | null;
}
