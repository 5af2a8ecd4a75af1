import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Node } from '../common/node';
import type * as records from './records';
import { TrainingProgress } from './training-progress';
import { TrainingStatus } from './training-status';

@ObjectType({ implements: Node, description: 'A request to train a model version.', simpleResolvers: true })
export class TrainingJob extends Node {
  @Field(() => ID, { description: 'Global ID.' })
  override readonly id!: unknown;

  @Field(() => TrainingStatus, { description: 'The status.' })
  readonly status!: records.TrainingStatus;

  @Field(() => String, { description: 'The preset.' })
  readonly preset!: string;

  @Field(() => Int, { description: 'The seed. The same seed, data and device give the same model.' })
  readonly seed!: number;

  @Field(() => Boolean, { description: 'Whether it keeps the codebooks of the active model, and all semantic IDs.' })
  readonly reuseTokenizer!: boolean;

  @Field(() => GraphQLDateTime, { description: 'When it was requested.' })
  readonly createdAt!: Date;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it began; null while it waits.' })
  readonly startedAt!: Date | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When it ended, with or without success; null until then.',
  })
  readonly finishedAt!: Date | null;

  @Field(() => TrainingProgress, { nullable: true, description: 'The latest progress; null before it began.' })
  readonly progress!: records.TrainingProgressRecord | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why it failed, or why its version is not active although it should be; null when nothing is wrong. Callers without ' +
      'a key read only that there is a reason.',
  })
  readonly error!: string | null;
}

export const TrainingJobConnection = connectionOf(TrainingJob, 'TrainingJob');
