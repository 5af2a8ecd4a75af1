import { ValidateNested } from 'class-validator';
import { ArgsType, ID, InputType, Int } from 'type-graphql';

import { Allowed, CURRENCY, InRange, ListLength, TextLength } from '../common/bounds';
import { PageOf20 } from '../common/connection';
import { Field, Nullable } from '../common/field';
import { MAX_ARMS, MAX_ID, MAX_INT, MAX_LABEL } from '../common/limits';
import { PlacementName } from '../placement/inputs';
import { ExperimentMetric } from './types';

@InputType({ description: 'An arm of an experiment. Without state and model version it is the placement as it is.' })
export class NewArm {
  @Field(() => String, 'Its name.')
  @TextLength(1, MAX_LABEL)
  readonly name!: string;

  @Field(() => Int, 'The share of the users whom it serves, in percent. All sum to 100.')
  @InRange(1, 99)
  readonly percent!: number;

  @Nullable(() => Int, 'The number of the placement’s state that makes its lists; absent: the newest one.')
  @InRange(1, MAX_INT)
  readonly stateNumber?: number | null;

  @Nullable(
    () => ID,
    'The global ID of the model version that makes its lists; absent: that of the state, or the active one. All arms together may name one version beside the active one.',
  )
  @TextLength(1, MAX_ID)
  readonly modelVersionId?: string | null;
}

@InputType({ description: 'The experiment to start.' })
export class StartExperimentInput {
  @Field(() => String, 'The placement whose lists it makes. One experiment of a placement runs at a time.')
  @PlacementName()
  readonly placement!: string;

  @Field(() => ExperimentMetric, 'An arm that is clearly worse than the control arm by this is stopped by itself.')
  readonly metric!: ExperimentMetric;

  @Nullable(() => String, 'The currency of the revenue that counts: a code of ISO 4217; absent: none counts.')
  @Allowed(CURRENCY)
  readonly currency?: string | null;

  @Field(() => [NewArm], '2–10 arms. The others are compared with the first one, the control arm.')
  @ListLength(2, MAX_ARMS)
  @ValidateNested({ each: true })
  readonly arms!: NewArm[];
}

@InputType({ description: 'The experiment to stop.' })
export class StopExperimentInput {
  @Field(() => ID, 'Its global ID.')
  @TextLength(1, MAX_ID)
  readonly experimentId!: string;
}

@InputType({ description: 'The arm to promote.' })
export class PromoteArmInput {
  @Field(() => ID, 'Its global ID.')
  @TextLength(1, MAX_ID)
  readonly armId!: string;
}

@ArgsType()
export class ExperimentsInput extends PageOf20 {
  @Nullable(() => String, 'Only those of this placement; absent: all.')
  @PlacementName()
  readonly placement?: string | null;
}
