import { Field, InputType, Int } from 'type-graphql';

import { InRange } from '../common/bounds';
import { MAX_INT } from '../common/limits';
import { PlannedReassignmentInput } from './planned-reassignment-input';

@InputType({ description: 'The reassignment to take back.' })
export class UndoReassignmentInput extends PlannedReassignmentInput {
  @Field(() => Int, { description: 'The catalogue version that the reassignment made.' })
  @InRange(1, MAX_INT)
  readonly catalogueVersion!: number;
}
