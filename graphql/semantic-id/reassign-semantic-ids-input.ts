import { ValidateNested } from 'class-validator';
import { Field, ID, InputType, Int } from 'type-graphql';

import { CodeList, ListLength, TextLength } from '../common/bounds';
import { MAX_BATCH, MAX_ID } from '../common/limits';
import { PlannedReassignmentInput } from './planned-reassignment-input';
import { SemanticIdAssignment } from './semantic-id-assignment';

@InputType({
  description:
    'Which items get other semantic IDs. Exactly one of `assignments`, `itemIds`, `prefix` and `all` must be given.',
})
export class ReassignSemanticIdsInput extends PlannedReassignmentInput {
  @Field(() => [SemanticIdAssignment], { nullable: true, description: 'Gives these codes to 1–1,000 items.' })
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly assignments?: SemanticIdAssignment[] | null;

  @Field(() => [ID], { nullable: true, description: 'Encodes these items again; 1–1,000 global IDs.' })
  @ListLength(1, MAX_BATCH)
  @TextLength(1, MAX_ID, { each: true })
  readonly itemIds?: string[] | null;

  @Field(() => [Int], { nullable: true, description: 'Encodes all items under this prefix again.' })
  @CodeList(1)
  readonly prefix?: number[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Encodes every item again.' })
  readonly all?: boolean | null;
}
