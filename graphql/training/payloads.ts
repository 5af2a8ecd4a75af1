import { ObjectType } from 'type-graphql';

import { Nullable } from '../common/field';
import { MutationPayload } from '../common/types';
import type { TrainingJobRecord } from './records';
import { TrainingJob } from './types';

@ObjectType({ description: 'The answer of `startTraining`.', simpleResolvers: true })
export class StartTrainingPayload extends MutationPayload {
  @Nullable(() => TrainingJob, 'The job; null when the call was refused.')
  readonly job!: TrainingJobRecord | null;
}

@ObjectType({ description: 'The answer of `cancelTraining`.', simpleResolvers: true })
export class CancelTrainingPayload extends MutationPayload {
  @Nullable(() => TrainingJob, 'The job; null when the call was refused.')
  readonly job!: TrainingJobRecord | null;
}
