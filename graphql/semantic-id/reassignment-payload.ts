import { Field, Int, ObjectType } from 'type-graphql';

import { MutationPayload } from '../common/mutation-payload';
import { ReassignmentImpact } from './reassignment-impact';

/** The fields that every reassignment answers with. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
export abstract class ReassignmentPayload extends MutationPayload {
  @Field(() => ReassignmentImpact, {
    nullable: true,
    description: 'What the change does to other items; null when the call was refused.',
  })
  readonly impact!: ReassignmentImpact | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The catalogue version that the changes were computed from; null when the call was refused. Pass it as ' +
      '`ifCatalogueVersion` to make sure that the real call does what the dry run showed.',
  })
  readonly baseVersion!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The catalogue version that this change made; null in a dry run, when nothing changed, and when the call was refused.',
  })
  readonly catalogueVersion!: number | null;
}
