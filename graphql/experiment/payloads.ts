/** Apart from the types: figures of placements name experiments, and these payloads name placements. */
import { ObjectType } from 'type-graphql';

import { Nullable } from '../common/field';
import { MutationPayload } from '../common/types';
import type { PlacementStateRecord } from '../placement/records';
import { PlacementState } from '../placement/types';
import type { ExperimentRecord } from './records';
import { Experiment } from './types';

/** The payloads of experiments all have this field. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
export abstract class ExperimentPayload extends MutationPayload {
  @Nullable(() => Experiment, 'The experiment; null when the call was refused.')
  readonly experiment!: ExperimentRecord | null;
}

@ObjectType({ description: 'The answer of `startExperiment`.', simpleResolvers: true })
export class StartExperimentPayload extends ExperimentPayload {}

@ObjectType({ description: 'The answer of `stopExperiment`.', simpleResolvers: true })
export class StopExperimentPayload extends ExperimentPayload {}

@ObjectType({ description: 'The answer of `promoteArm`.', simpleResolvers: true })
export class PromoteArmPayload extends ExperimentPayload {
  @Nullable(() => PlacementState, 'The newest state; null when none is stored, and when the call was refused.')
  readonly placementState!: PlacementStateRecord | null;
}
