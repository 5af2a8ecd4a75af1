import { Field, InputType, Int } from 'type-graphql';

import { InRange } from '../common/bounds';
import { MAX_INT } from '../common/limits';

/** The fields that every reassignment asks for. It is not a type of the schema. */
@InputType()
export abstract class PlannedReassignmentInput {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether the call changes nothing and only answers what would change and what would collide.',
  })
  readonly dryRun?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Refuses the call with CONFLICT when the catalogue has a newer version than this.',
  })
  @InRange(0, MAX_INT)
  readonly ifCatalogueVersion?: number | null;
}
