import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Node } from '../common/node';
import type * as records from './records';
import { TrainingProgress } from './training-progress';
import { TrainingStatus } from './training-status';

@ObjectType({ implements: Node, description: 'A request to train a model version.', simpleResolvers: true })
export class TrainingJob extends Node {
  @Field(() => ID, { description: 'Global ID.' })
  override readonly id!: unknown;

  @Field(() => TrainingStatus, { description: 'Where it stands.' })
  readonly status!: records.TrainingStatus;

  @Field(() => String, { description: 'The named configuration.' })
  readonly preset!: string;

  @Field(() => GraphQLDateTime, { description: 'When it was asked for.' })
  readonly createdAt!: Date;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it began.' })
  readonly startedAt!: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it ended, however it ended.' })
  readonly finishedAt!: Date | null;

  @Field(() => TrainingProgress, { nullable: true, description: 'The newest state; null before it began.' })
  readonly progress!: records.TrainingProgressRecord | null;

  @Field(() => String, { nullable: true, description: 'Why it failed.' })
  readonly error!: string | null;
}

export const TrainingJobConnection = connectionOf(TrainingJob, 'TrainingJob');
