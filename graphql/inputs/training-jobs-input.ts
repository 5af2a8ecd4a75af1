import { ArgsType, Field } from 'type-graphql';
import type * as records from '../records';
import { TrainingStatus } from '../types/enums';
import { PageOf20 } from './page-input';

@ArgsType()
export class TrainingJobsInput extends PageOf20 {
  @Field(() => TrainingStatus, { nullable: true, description: 'Only jobs that stand there; absent: all.' })
  readonly status?: records.TrainingStatus | null;
}
