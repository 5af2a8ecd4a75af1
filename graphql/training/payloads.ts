import { Field, ObjectType } from 'type-graphql';

import { MutationPayload } from '../common/types';
import type { TrainingJobRecord } from './records';
import { TrainingJob } from './types';

@ObjectType({ description: 'The answer of `startTraining`.', simpleResolvers: true })
export class StartTrainingPayload extends MutationPayload {
  @Field(() => TrainingJob, { nullable: true, description: 'The job; null when the call was refused.' })
  readonly job!: TrainingJobRecord | null;
}

@ObjectType({ description: 'The answer of `cancelTraining`.', simpleResolvers: true })
export class CancelTrainingPayload extends MutationPayload {
  @Field(() => TrainingJob, { nullable: true, description: 'The job; null when the call was refused.' })
  readonly job!: TrainingJobRecord | null;
}
