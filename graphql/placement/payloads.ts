import { ObjectType } from 'type-graphql';

import { Field, Nullable } from '../common/field';
import { MutationPayload } from '../common/types';
import type { PlacementStateRecord, PlacementWarningRecord } from './records';
import { PlacementState, PlacementWarning } from './types';

/** The fields that both have. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
abstract class SavedPlacementPayload extends MutationPayload {
  @Nullable(() => PlacementState, 'What was saved; null in a dry run, and when refused.')
  readonly state!: PlacementStateRecord | null;

  @Nullable(
    () => PlacementState,
    'The newest state there is now: in a CONFLICT, what somebody else has saved meanwhile.',
  )
  readonly inForce!: PlacementStateRecord | null;

  @Field(() => [PlacementWarning], 'What will not be as it seems. It was saved all the same.')
  readonly warnings!: readonly PlacementWarningRecord[];
}

@ObjectType({ description: 'The answer of `savePlacement`.', simpleResolvers: true })
export class SavePlacementPayload extends SavedPlacementPayload {}

@ObjectType({ description: 'The answer of `restorePlacement`.', simpleResolvers: true })
export class RestorePlacementPayload extends SavedPlacementPayload {}

@ObjectType({ description: 'The answer of `removePlacement`.', simpleResolvers: true })
export class RemovePlacementPayload extends MutationPayload {
  @Nullable(() => String, 'The name of the placement; null when there was none.')
  readonly removedName!: string | null;
}
