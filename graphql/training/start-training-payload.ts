import { Field, ObjectType } from 'type-graphql';

import { MutationPayload } from '../common/mutation-payload';
import type { TrainingJobRecord } from './records';
import { TrainingJob } from './training-job';

@ObjectType({ description: 'The answer of `startTraining`.', simpleResolvers: true })
export class StartTrainingPayload extends MutationPayload {
  @Field(() => TrainingJob, { nullable: true, description: 'The job; null when the call was refused.' })
  readonly job!: TrainingJobRecord | null;
}
