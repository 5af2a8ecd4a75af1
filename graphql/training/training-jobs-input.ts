import { ArgsType, Field } from 'type-graphql';

import { PageOf20 } from '../common/page-input';
import type * as records from './records';
import { TrainingStatus } from './training-status';

@ArgsType()
export class TrainingJobsInput extends PageOf20 {
  @Field(() => TrainingStatus, { nullable: true, description: 'Lists only jobs with this status; absent: all.' })
  readonly status?: records.TrainingStatus | null;
}
